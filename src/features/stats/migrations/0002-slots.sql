-- An hour is the sum of its slots: transactions of the same time count in rows of their own, so that no upload waits for
-- the commit of another.
alter table upload_statistics add column slot integer not null default 0;
alter table upload_statistics alter column slot drop default;
alter table upload_statistics drop constraint upload_statistics_pkey;
alter table upload_statistics add primary key (authority_id, hour_at, slot);
