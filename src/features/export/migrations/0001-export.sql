-- Export configurations and how far each has come; times are Unix seconds.

create table export_config (
  id bigint generated always as identity primary key,
  name text not null unique,
  -- name of the location that publishes
  location text not null,
  region text not null,
  include_regions text[] not null,
  exclude_regions text[] not null,
  travelers text not null check (travelers in ('region', 'also', 'never')),
  period_seconds integer not null,
  from_at bigint not null,
  thru_at bigint,
  backfill_seconds integer not null default 0,
  max_records integer not null check (max_records > 0),
  min_records integer not null check (min_records >= 0),
  padding_range integer not null check (padding_range >= 0),
  -- everything released before this instant was handed to the location
  exported_until bigint,
  -- where the open window stands, once its first archive is committed; null between windows
  open_end bigint,
  open_list text check (open_list in ('released', 'revised')),
  open_after_at bigint,
  open_after_key text,
  ended_at bigint
);

-- One row for every window that was exported, with what became of its keys.
create table export_window (
  config_id bigint not null references export_config,
  start_at bigint not null,
  end_at bigint not null,
  archives integer not null,
  primaries integer not null,
  revised integer not null,
  left_out integer not null,
  generated integer not null,
  completed_at bigint,
  primary key (config_id, start_at)
);
