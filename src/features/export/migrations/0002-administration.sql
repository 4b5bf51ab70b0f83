-- Changing export configurations, how their last run failed, and stretches that are exported once more; times are Unix seconds.

-- raised by every change; work that began under other settings is called off
alter table export_config add column settings_revision integer not null default 0;
-- the failure of the last run; null when it succeeded
alter table export_config add column failed_at bigint;
alter table export_config add column failure_code text;
alter table export_config add column failure_message text;

-- A stretch before what was exported, whose keys are handed to the location once more.
create table export_backfill (
  id bigint generated always as identity primary key,
  config_id bigint not null references export_config,
  from_at bigint not null,
  thru_at bigint not null check (thru_at > from_at),
  requested_at bigint not null,
  -- raised when the filter changes, which begins the stretch again; work that began before is called off
  restarts integer not null default 0,
  -- where it stands once its first archive is committed
  open_list text check (open_list in ('released', 'revised')),
  open_after_at bigint,
  open_after_key text,
  archives integer not null default 0,
  primaries integer not null default 0,
  revised integer not null default 0,
  left_out integer not null default 0,
  generated integer not null default 0,
  completed_at bigint
);
create index export_backfill_config on export_backfill (config_id);
create index export_backfill_open on export_backfill (id) where completed_at is null;
