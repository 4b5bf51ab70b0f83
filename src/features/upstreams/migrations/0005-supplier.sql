-- Suppliers: the servers of organisations, each with one listing or more, to whom keys and trust belong.

create table supplier (
  id bigint generated always as identity primary key,
  name text not null unique,
  -- the supplier that it has become one with, which is none of those itself
  merged_into bigint references supplier
);

-- null: a listing by itself, of a mirror
alter table upstream add column supplier_id bigint references supplier;
create index upstream_supplier on upstream (supplier_id);
