-- What this server sees of itself from where phones are, and what is wrong with it; times are Unix seconds.

-- The last look at the index of each location.
create table watch_look (
  location text primary key,
  looked_at bigint not null,
  -- seen, waiting (nothing is published), or unseen
  outcome text not null check (outcome in ('seen', 'waiting', 'unseen')),
  -- why nothing was seen
  code text,
  -- since when the outcome is this one
  since_at bigint not null,
  -- the last look that saw the index
  seen_at bigint,
  etag text,
  last_modified text,
  -- the oldest published line that the index did not have, and since which look
  behind_line text,
  behind_since_at bigint
);

-- Archives that the index listed when it was seen last.
create table watch_line (
  location text not null,
  line text not null,
  position integer not null,
  -- of the content that was verified; null: none was
  digest text,
  etag text,
  last_modified text,
  looked_at bigint,
  -- why the last look at it failed, and since which look
  code text,
  failed_since_at bigint,
  primary key (location, line)
);

-- What is wrong, as of the last round of the job that found it.
create table watch_alarm (
  -- the round that finds it, and ends it: of a location, or of the flow of keys
  round text not null,
  kind text not null,
  name text not null,
  reason text not null,
  state text not null check (state in ('late', 'broken')),
  detail text not null,
  remedy text not null,
  since_at bigint not null,
  primary key (round, kind, name, reason)
);

-- Accepted keys that no export is known to have taken, by the hour of their release.
create table watch_release (
  hour_start bigint not null,
  regions text[] not null,
  traveler boolean not null,
  first_at bigint not null,
  last_at bigint not null,
  keys bigint not null,
  primary key (hour_start, regions, traveler)
);

-- Keys released before this instant are counted above, or taken.
create table watch_progress (
  only_row boolean primary key default true check (only_row),
  counted_until bigint not null
);
insert into watch_progress (counted_until) values (0);
