// The SQL on suppliers, to whom listings, trust and keys belong.

import { sql } from "kysely";
import type { Db } from "../../platform/database/database.ts";
import type { Supplier } from "./upstream-types.ts";

/** Of the supplier of this name, which is made where there is none. Of one that became one with another, that one's. */
export async function ensureSupplier(tx: Db, name: string): Promise<number> {
  await sql`insert into supplier (name) values (${name}) on conflict (name) do nothing`.execute(tx);
  const { rows } = await sql<{ id: number }>`
    select coalesce(merged_into, id) as id from supplier where name = ${name} for key share`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error("a supplier that was made is there");
  return row.id;
}

export interface ListedSupplier extends Supplier {
  /** Of those that have become one with it. */
  readonly formerNames: readonly string[];
  readonly listings: number;
}

/** Those that have not become one with another, by name. */
export async function readSuppliers(db: Db): Promise<ListedSupplier[]> {
  return readListed(db, null);
}

/** The supplier of this name, or with which that one became one. */
export async function readSupplier(db: Db, name: string): Promise<ListedSupplier | null> {
  const { rows } = await sql<{ id: number }>`
    select coalesce(merged_into, id) as id from supplier where name = ${name}`.execute(db);
  const [found] = rows;
  return found === undefined ? null : ((await readListed(db, found.id))[0] ?? null);
}

async function readListed(db: Db, id: number | null): Promise<ListedSupplier[]> {
  const { rows } = await sql<ListedSupplier>`
    select id, name,
      array(select former.id from supplier former where former.merged_into = supplier.id order by id) as "formerIds",
      array(select former.name from supplier former where former.merged_into = supplier.id order by id) as "formerNames",
      (select count(*) from upstream where supplier_id = supplier.id) as listings
    from supplier
    where merged_into is null and (${id}::bigint is null or id = ${id}::bigint)
    order by name collate "C"`.execute(db);
  return rows;
}

/** For each supplier that became one with another the number of that one. */
export async function readMergedSuppliers(db: Db): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ id: number; into: number }>`
    select id, merged_into as "into" from supplier where merged_into is not null`.execute(db);
  return new Map(rows.map(({ id, into }) => [id, into]));
}

/** Makes those who change which suppliers there are follow one another, until the transaction ends. */
export async function lockSuppliers(tx: Db): Promise<void> {
  await sql`lock table supplier in share row exclusive mode`.execute(tx);
}

/** Everything of `from` belongs to `into` from now on. */
export async function writeMerge(tx: Db, from: number, into: number): Promise<void> {
  await sql`update supplier set merged_into = ${into}::bigint where id = ${from}::bigint or merged_into = ${from}::bigint`.execute(
    tx,
  );
  await sql`update upstream set supplier_id = ${into}::bigint where supplier_id = ${from}::bigint`.execute(tx);
}
