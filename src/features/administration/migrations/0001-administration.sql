-- Administration: who may ask, how often what was changed, and the log of it; times are Unix seconds.

create table principal (
  -- never given to another principal: the log names it
  name text primary key,
  role text not null check (role in ('auditor', 'operator', 'administrator')),
  token_sha256 bytea not null unique check (octet_length(token_sha256) = 32),
  created_at bigint not null,
  -- the token stops being taken; null: never
  expires_at bigint,
  revoked_at bigint,
  -- to within minutes
  last_used_at bigint
);

-- No row: never changed. A row that is locked is being changed.
create table resource_revision (
  kind text not null,
  name text not null,
  revision bigint not null check (revision > 0),
  primary key (kind, name)
);

-- Attempts at changes, in the order of their writing. Rows are added, and deleted only when old by an operator's wish.
create table audit_entry (
  id bigint generated always as identity primary key,
  written_at bigint not null,
  principal text not null,
  operation text not null,
  -- null where the request did not say it readably
  resource_kind text,
  resource_name text,
  outcome text not null check (outcome in ('done', 'refused', 'failed')),
  -- null when done
  code text,
  -- the resource; null where there was none, or nothing was done
  before jsonb,
  after jsonb
);
create index audit_entry_written on audit_entry (written_at);
create index audit_entry_resource on audit_entry (resource_kind, resource_name, id);
create index audit_entry_principal on audit_entry (principal, id);

create function refuse_change_of_audit_entry() returns trigger language plpgsql as $$
begin
  raise exception 'entries of the audit log are not changed';
end
$$;
create trigger audit_entry_is_not_changed before update on audit_entry
  for each row execute function refuse_change_of_audit_entry();
