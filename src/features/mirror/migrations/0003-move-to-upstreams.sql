-- What a mirror shares with a source moves to the servers that we follow.

alter table mirror add column upstream_id bigint;
update mirror set upstream_id = nextval(pg_get_serial_sequence('upstream', 'id'));

insert into upstream (
  id, listing_format, index_url, base_url, other_entries, allow_private_addresses, from_at, until_at, reached_at
)
overriding system value
select upstream_id, 'text-index', index_url, base_url, '{}', allow_private_addresses, from_at, until_at, listed_at
from mirror;

insert into upstream_trusted_key (upstream_id, key_id, key_version, public_key_pem, from_at, until_at, added_at)
select upstream_id, key_id, key_version, public_key_pem, trusted.from_at, trusted.until_at, 0
from mirror_trusted_key trusted join mirror on mirror.id = mirror_id
order by trusted.id;

drop table mirror_trusted_key;
alter table mirror alter column upstream_id set not null;
alter table mirror
  drop column index_url, drop column base_url, drop column allow_private_addresses, drop column from_at,
  drop column until_at;
