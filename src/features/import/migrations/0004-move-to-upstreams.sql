-- Each source becomes a supplier of the same number and name: stored keys and revision tokens name that number already.

insert into supplier (id, name) overriding system value select id, name from import_source;
update upstream set supplier_id = import_source.id from import_source where import_source.upstream_id = upstream.id;
-- further suppliers get numbers that no source ever had
select setval(
  pg_get_serial_sequence('supplier', 'id'),
  greatest(nextval(pg_get_serial_sequence('import_source', 'id')), (select coalesce(max(id), 0) from supplier))
);
