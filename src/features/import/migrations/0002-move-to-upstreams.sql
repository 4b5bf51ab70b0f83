-- What a source shares with a mirror moves to the servers that we follow.

alter table import_source add column upstream_id bigint;
update import_source set upstream_id = nextval(pg_get_serial_sequence('upstream', 'id'));

insert into upstream (
  id, listing_format, index_url, base_url, other_entries, allow_private_addresses, from_at, until_at, etag, last_modified,
  check_count, checked_at, check_outcome, check_code, reached_at, suspicious_count, suspicious_at, refused_lines,
  refused_line_count
)
overriding system value
select upstream_id, listing_format, index_url, base_url, other_entries, allow_private_addresses, from_at, until_at, etag,
  last_modified, check_count, checked_at, check_outcome, check_code, reached_at, suspicious_count, suspicious_at,
  refused_lines, refused_line_count
from import_source;

insert into upstream_trusted_key (upstream_id, key_id, key_version, public_key_pem, from_at, until_at, added_at)
select upstream_id, key_id, key_version, public_key_pem, trusted.from_at, trusted.until_at, added_at
from import_trusted_key trusted join import_source on import_source.id = source_id
order by trusted.id;

drop table import_trusted_key;
alter table import_source alter column upstream_id set not null;
alter table import_source
  drop column listing_format, drop column index_url, drop column base_url, drop column other_entries,
  drop column allow_private_addresses, drop column from_at, drop column until_at, drop column etag,
  drop column last_modified, drop column check_count, drop column checked_at, drop column check_outcome,
  drop column check_code, drop column reached_at, drop column suspicious_count, drop column suspicious_at,
  drop column refused_lines, drop column refused_line_count;
