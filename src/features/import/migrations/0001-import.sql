-- Second locations of other servers, whom we trust there, and every archive that they ever listed; times are Unix seconds.

create table import_source (
  id bigint generated always as identity primary key,
  name text not null unique,
  listing_format text not null,
  index_url text not null,
  base_url text not null,
  -- what every key of the source gets
  region text not null check (region <> '' and region = upper(region)),
  traveler boolean not null,
  -- what an archive's header may say; upper-case
  header_regions text[] not null,
  -- zip entries allowed beside export.bin and export.sig
  other_entries text[] not null,
  allow_private_addresses boolean not null,
  from_at bigint not null,
  until_at bigint check (until_at > from_at),
  -- the last listing that was taken in whole; null after a suspicious one, so that the next check reads it again
  etag text,
  last_modified text,
  -- raised by every check: of two checks at once the one that ends last starts from stale knowledge and is dropped
  check_count bigint not null default 0,
  checked_at bigint,
  -- listed, unchanged, suspicious or failed
  check_outcome text,
  -- why the last check failed or what was suspicious about it
  check_code text,
  -- the last check that was not failed
  reached_at bigint,
  suspicious_count bigint not null default 0,
  suspicious_at bigint,
  -- of the last listing that was read: [{"line": ..., "reason": ...}], the first of them
  refused_lines jsonb not null default '[]',
  refused_line_count integer not null default 0
);

create table import_trusted_key (
  id bigint generated always as identity primary key,
  source_id bigint not null references import_source,
  -- several keys may share their names
  key_id text not null,
  key_version text not null,
  public_key_pem text not null,
  from_at bigint not null,
  until_at bigint,
  added_at bigint not null
);
create index import_trusted_key_source on import_trusted_key (source_id);

create table import_archive (
  id bigint generated always as identity primary key,
  source_id bigint not null references import_source,
  -- as listed, without leading slashes
  line text not null,
  -- place in the last listing that listed it
  position integer not null,
  still_listed boolean not null,
  discovered_at bigint not null,
  state text not null check (state in ('open', 'leased', 'retry', 'complete', 'quarantined')),
  -- begun since it was opened
  attempts integer not null default 0,
  missing_count integer not null default 0,
  damaged_count integer not null default 0,
  next_attempt_at bigint check ((next_attempt_at is not null) = (state = 'retry')),
  lease_until bigint check ((lease_until is not null) = (state = 'leased')),
  -- raised by every lease: whoever holds an older one may not write any more
  lease_token bigint not null default 0,
  -- the last failure since it was opened
  reason text,
  quarantined_at bigint check ((quarantined_at is not null) = (state = 'quarantined')),
  -- the content seen last, complete or not
  etag text,
  last_modified text,
  digest text,
  byte_count integer,
  last_checked_at bigint,
  -- of the last content that was completed; kept when the archive is opened again
  completed_at bigint check (completed_at is not null or state <> 'complete'),
  key_count integer,
  saved_count integer,
  refused_count integer,
  -- keys by save outcome ("duplicate": not saved again), and refused keys by reason
  outcomes jsonb,
  refusals jsonb,
  unique (source_id, line),
  check (key_count = saved_count + refused_count),
  check ((completed_at is null) = (key_count is null))
);
create index import_archive_waiting on import_archive (source_id, discovered_at, position)
  where state in ('open', 'leased', 'retry');
create index import_archive_settled on import_archive (source_id, last_checked_at)
  where state in ('complete', 'quarantined') and still_listed;
create index import_archive_digest on import_archive (source_id, digest) where state = 'complete';
