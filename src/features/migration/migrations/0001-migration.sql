-- Guided migrations as this server knows them: its own role, its own state, and what was recorded on the way.
create table migration (
  name text primary key,
  role text not null check (role in ('state', 'nation')),
  -- the plan as JSON, and the SHA-256 by which both sides name it
  plan text not null,
  plan_digest text not null check (length(plan_digest) = 64),
  state text not null check (state in ('planned', 'importing', 'covered', 'switched', 'read-only', 'cancelled')),
  state_since_at bigint not null
);

-- Public keys of those whose signed reports count as evidence.
create table migration_observer (
  migration text not null references migration (name),
  fingerprint text not null check (length(fingerprint) = 64),
  public_pem text not null,
  primary key (migration, fingerprint)
);

-- The journal: each entry holds the digest of the one before it.
create table migration_entry (
  migration text not null references migration (name),
  seq integer not null check (seq > 0),
  written_at bigint not null,
  principal text not null,
  kind text not null,
  -- JSON, exactly as it was hashed
  detail text not null,
  previous text not null,
  digest text not null,
  primary key (migration, seq)
);

create function refuse_change_of_migration_entry() returns trigger language plpgsql as $$
begin
  raise exception 'entries of the journal of a migration are not changed';
end
$$;
create trigger migration_entry_is_not_changed before update or delete on migration_entry
  for each row execute function refuse_change_of_migration_entry();
