-- The keys that encrypt revision tokens, each wrapped by an encryption key that is not in this database.
create table token_key (
  -- Random, the same at every server that has the key; tokens name it.
  id bytea primary key check (octet_length(id) = 8),
  -- Null once it was destroyed.
  wrapped bytea,
  -- What tokens under it are authenticated with besides.
  authenticated bytea not null,
  -- Null: made here. Otherwise the import source whose keys its tokens may revise.
  source_id bigint,
  created_at bigint not null,
  -- No token is opened with it from then on.
  ends_at bigint
);

-- Key pairs to which another server encrypts its token keys.
create table token_key_recipient (
  public_key bytea primary key,
  wrapped_private_key bytea not null,
  created_at bigint not null
);
