-- Exposure keys of every origin, one row each; times are Unix seconds.

create table exposure (
  key_data bytea primary key check (octet_length(key_data) = 16),
  rolling_start integer not null,
  rolling_period smallint not null,
  transmission_risk smallint,
  report_type smallint,
  days_since_onset smallint,
  regions text[] not null,
  traveler boolean not null,
  -- upload, import, federation or generated
  origin text not null,
  -- the import source or federation query; null for the rest
  source_id bigint,
  -- exported in the window that contains this instant, never before the key has ended
  released_at bigint not null,
  -- the one revision of its life, exported in the window that contains revised_at
  revised_at bigint,
  revised_transmission_risk smallint,
  revised_report_type smallint,
  revised_days_since_onset smallint
);

create index exposure_released on exposure (released_at, key_data);
create index exposure_revised on exposure (revised_at, key_data) where revised_at is not null;

-- Revisions whose original has not arrived yet (its archive may be late or quarantined).
create table awaited_revision (
  key_data bytea not null check (octet_length(key_data) = 16),
  rolling_start integer not null,
  rolling_period smallint not null,
  transmission_risk smallint,
  report_type smallint,
  days_since_onset smallint,
  origin text not null,
  source_id bigint,
  received_at bigint not null
);
-- each source speaks for its own keys only, so none takes the place of another's revision
create unique index awaited_revision_source on awaited_revision (key_data, origin, coalesce(source_id, 0));

-- No key may be released before this instant any more: some export has closed the windows up to it.
create table release_horizon (
  only_row boolean primary key default true check (only_row),
  closed_until bigint not null
);
insert into release_horizon (closed_until) values (0);
