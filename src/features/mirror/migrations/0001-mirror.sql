-- Mirrors: locations fed with the archives of another server; times are Unix seconds.

create table mirror (
  id bigint generated always as identity primary key,
  name text not null unique,
  -- name of the location that is fed
  location text not null,
  method text not null check (method in ('copy', 'reseal')),
  index_url text not null,
  base_url text not null,
  -- written into resealed archives
  region text not null,
  max_records integer not null check (max_records > 0),
  allow_private_addresses boolean not null,
  from_at bigint not null,
  until_at bigint,
  -- what was listed when the mirror began is appended compacted; set once that is done
  history_done_at bigint,
  next_position bigint not null default 1,
  last_run_at bigint,
  last_ok_at bigint,
  last_error text
);

create table mirror_trusted_key (
  id bigint generated always as identity primary key,
  mirror_id bigint not null references mirror,
  -- several keys may share their names
  key_id text not null,
  key_version text not null,
  public_key_pem text not null,
  from_at bigint not null,
  until_at bigint
);
create index mirror_trusted_key_mirror on mirror_trusted_key (mirror_id);

-- Source archives that were handed over, in that order. Rows of lines that left the source long ago are deleted.
create table mirror_archive (
  mirror_id bigint not null references mirror,
  position bigint not null,
  line text not null,
  digest text not null,
  -- of the archive's window
  end_at bigint not null,
  -- the archive of the location that carries it; null when nothing of it remained
  location_line text,
  taken_at bigint not null,
  primaries integer not null,
  revised integer not null,
  left_out integer not null,
  refused integer not null,
  -- why an operator let the mirror pass it by; null: it was handed over
  passed_by text,
  primary key (mirror_id, position),
  unique (mirror_id, line)
);
