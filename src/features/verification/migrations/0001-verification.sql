-- Health authorities, the keys under which they certify diagnoses, and uses of certificates; times are Unix seconds.

create table health_authority (
  id bigint generated always as identity primary key,
  name text not null unique,
  iss text not null unique,
  aud text not null,
  jwks_url text,
  allow_private_addresses boolean not null,
  stats_enabled boolean not null,
  -- a check that began with an older count than it ends with was overtaken by another
  jwks_checks bigint not null default 0,
  jwks_checked_at bigint,
  jwks_succeeded_at bigint,
  -- code of why the last check changed nothing; null: it went well
  jwks_error text
);

create table health_authority_key (
  id bigint generated always as identity primary key,
  authority_id bigint not null references health_authority,
  -- the kid; one key after another may have it, never two at once
  version text not null,
  public_key_pem text not null,
  origin text not null check (origin in ('manual', 'jwks')),
  from_at bigint not null,
  until_at bigint,
  until_set_by text check (until_set_by in ('operator', 'jwks')),
  unique (authority_id, version, public_key_pem),
  check ((until_at is null) = (until_set_by is null))
);
create unique index health_authority_key_without_end on health_authority_key (authority_id, version)
  where until_at is null;

-- Raised by every change above that verification has to know of. Whoever changes authorities or keys locks the row.
create table verification_revision (
  only_row boolean primary key default true check (only_row),
  revision bigint not null
);
insert into verification_revision (revision) values (1);

-- Uploads by certificate, until it cannot be used any more.
create table certificate_use (
  digest bytea primary key check (octet_length(digest) = 32),
  uses integer not null,
  expires_at bigint not null
);
