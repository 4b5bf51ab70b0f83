-- Filters that exports had before: which keys a past window has taken; times are Unix seconds.

create table export_past_filter (
  id bigint generated always as identity primary key,
  config_id bigint not null references export_config,
  -- it held for windows before this instant
  until_at bigint not null,
  include_regions text[] not null,
  exclude_regions text[] not null,
  travelers text not null
);

-- whether it was complete before the filter was replaced, so that it tells nothing of the one in force
alter table export_backfill add column under_past_filter boolean not null default false;
