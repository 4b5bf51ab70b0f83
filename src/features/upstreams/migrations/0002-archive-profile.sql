-- What is taken of archives that their server makes in its own way.

-- whether archives are taken that say they are one part of several
alter table upstream add column batch_parts boolean not null default false;
-- whether days since onset that no phone takes are read as unknown; else their key is refused
alter table upstream add column onset_codes boolean not null default false;
