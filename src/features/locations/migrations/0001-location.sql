-- Published trees, their seals and their archives; times are Unix seconds.

create table location (
  id bigint generated always as identity primary key,
  name text not null unique,
  -- object name of the index
  index_object text not null unique,
  -- object name of an archive = base_prefix || its line
  base_prefix text not null,
  -- a new archive's line = line_prefix || its file name
  line_prefix text not null,
  retention_seconds integer not null check (retention_seconds > 0),
  grace_seconds integer not null check (grace_seconds > 0),
  -- false until the first archive of ours, or until an existing tree was adopted
  ours boolean not null default false,
  -- raised by every commit of archives; a commit that finds another value starts over
  revision bigint not null default 0,
  next_seq bigint not null default 1,
  -- no later archive's window or name begins before this instant
  last_end_at bigint not null default 0
);

create table location_seal (
  location_id bigint not null references location,
  -- name of our signing key; null where the location carries archives that others sign
  signing_key text,
  key_id text not null,
  key_version text not null,
  public_key_pem text not null,
  from_at bigint not null,
  until_at bigint,
  primary key (location_id, from_at),
  check (until_at is null or until_at > from_at)
);

create table location_archive (
  location_id bigint not null references location,
  seq bigint not null,
  line text not null,
  start_at bigint not null,
  end_at bigint not null,
  region text not null,
  primary_count integer not null,
  revised_count integer not null,
  digest text not null,
  byte_count integer not null,
  -- who handed the content in: export:<name>, mirror:<name>, or adopted
  supplier text not null,
  appended_at bigint not null,
  -- leaves the index from this instant on
  expires_at bigint not null,
  -- decided to leave the index; the row stays for the fence
  expired_at bigint,
  -- an index without the line was published
  unlisted_at bigint,
  deleted_at bigint,
  primary key (location_id, seq),
  unique (location_id, line)
);

-- What each archive published, sorted by key data, in records of 24 bytes: the memory that keeps a key from
-- being published twice. Derived from the archives, never from the exposures.
create table location_archive_keys (
  location_id bigint not null,
  seq bigint not null,
  records bytea not null,
  primary key (location_id, seq),
  foreign key (location_id, seq) references location_archive on delete cascade
);
alter table location_archive_keys alter column records set storage external;
