-- Servers that we follow: where each lists its archives, how the last check went, and whom we trust; times are Unix seconds.

create table upstream (
  id bigint generated always as identity primary key,
  listing_format text not null,
  index_url text not null,
  base_url text not null,
  -- zip entries allowed beside export.bin and export.sig
  other_entries text[] not null,
  allow_private_addresses boolean not null,
  from_at bigint not null,
  until_at bigint check (until_at > from_at),
  -- of the last listing that was taken in whole; null where the next check has to read it again
  etag text,
  last_modified text,
  -- raised by every check: of two checks at once the one that ends last starts from stale knowledge and is dropped
  check_count bigint not null default 0,
  checked_at bigint,
  -- listed, unchanged, suspicious or failed
  check_outcome text,
  -- why the last check failed or what was suspicious about it
  check_code text,
  -- the last check that did not fail
  reached_at bigint,
  suspicious_count bigint not null default 0,
  suspicious_at bigint,
  -- of the last listing that was read: [{"line": ..., "reason": ...}], the first of them
  refused_lines jsonb not null default '[]',
  refused_line_count integer not null default 0
);

create table upstream_trusted_key (
  id bigint generated always as identity primary key,
  upstream_id bigint not null references upstream,
  -- several keys may share their names
  key_id text not null,
  key_version text not null,
  public_key_pem text not null,
  from_at bigint not null,
  until_at bigint,
  -- or since when it is trusted longer
  added_at bigint not null
);
create index upstream_trusted_key_upstream on upstream_trusted_key (upstream_id);
