-- Lines of a listing that are not taken, on an operator's word; times are Unix seconds.

create table upstream_skip (
  id bigint generated always as identity primary key,
  upstream_id bigint not null references upstream,
  -- as listed, without leading slashes
  line text not null,
  reason text not null check (reason <> ''),
  skipped_at bigint not null,
  -- name of a principal; null where it was not recorded
  skipped_by text,
  -- null: the line is skipped
  undone_at bigint,
  undone_by text
);
create unique index upstream_skip_line on upstream_skip (upstream_id, line) where undone_at is null;
