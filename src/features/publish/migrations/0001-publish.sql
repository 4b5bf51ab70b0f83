-- The apps that may upload, each with what it may.
create table authorized_app (
  -- The `healthAuthorityID` of uploads, in lower case.
  name text primary key,
  regions text[] not null check (cardinality(regions) > 0),
  -- Whose certificates are taken.
  authority_ids bigint[] not null,
  bypass_certificate boolean not null,
  bypass_revision_token boolean not null
);

-- Raised with every change, so that processes notice.
create table app_revision (revision bigint not null);
insert into app_revision values (0);

-- Which keys were uploaded under which certificate: who repeats an upload under it gets a fresh revision token.
create table upload_receipt (
  certificate_digest bytea not null,
  -- of the certificate: nobody repeats an upload after it
  expires_at bigint not null,
  -- key data, one behind the other
  key_data bytea not null
);
create index upload_receipt_digest on upload_receipt (certificate_digest);
