// Sets a database back to what it was when its tables were made, which is sooner done than making them again.

import { sql } from "kysely";
import type { Db } from "../../src/platform/database/database.ts";

export interface Prepared {
  /** Differs after every change of something that is not a row. */
  readonly layout: string;
  readonly empty: readonly string[];
  /** What the tables hold that are not empty, as JSON. */
  readonly filled: ReadonlyMap<string, string>;
  readonly sequences: ReadonlyMap<string, Place>;
}

interface Place {
  readonly last_value: string;
  readonly is_called: boolean;
}

export async function rememberPrepared(db: Db): Promise<Prepared> {
  const filled = await readRows(db, await selectNames(db, "r"));
  const empty = [...filled].filter(([, rows]) => rows === "").map(([name]) => name);
  for (const name of empty) filled.delete(name);
  const sequences = await readPlaces(db, await selectNames(db, "S"));
  return { layout: await readLayout(db), empty, filled, sequences };
}

/** Answers what `prepared` is from now on; null, with nothing done, where more than rows has changed since. */
export async function restorePrepared(db: Db, prepared: Prepared): Promise<Prepared | null> {
  if ((await readLayout(db)) !== prepared.layout) return null;
  const dirty = await selectDirty(db, prepared.empty);
  if (dirty.length > 0) await sql.raw(`truncate ${dirty.join(", ")} cascade`).execute(db);
  for (const [name, rows] of await readRows(db, [...prepared.filled.keys()])) {
    const before = prepared.filled.get(name) ?? "";
    if (rows === before) continue;
    await sql.raw(`delete from ${name}`).execute(db);
    await sql`insert into ${sql.raw(name)}
      select * from json_populate_recordset(null::${sql.raw(name)}, ${before}::json)`.execute(db);
  }
  for (const [name, place] of await readPlaces(db, [...prepared.sequences.keys()])) {
    const before = prepared.sequences.get(name);
    if (before === undefined || isSame(place, before)) continue;
    await sql`select setval(${name}::text::regclass, ${before.last_value}::text::bigint, ${before.is_called})`.execute(
      db,
    );
  }
  // An emptied table has new files, which counts as a change.
  return { ...prepared, layout: await readLayout(db) };
}

const isSame = (one: Place, other: Place) => one.last_value === other.last_value && one.is_called === other.is_called;

const OWN_SCHEMAS = "nspname !~ '^pg_' and nspname <> 'information_schema'";

/** Tables (`r`) or sequences (`S`), quoted, with their schemas. */
async function selectNames(db: Db, kind: "r" | "S"): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select format('%I.%I', nspname, relname) as name
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind = ${kind} and ${sql.raw(OWN_SCHEMAS)}
    order by c.oid`.execute(db);
  return rows.map(({ name }) => name);
}

async function selectDirty(db: Db, names: readonly string[]): Promise<string[]> {
  if (names.length === 0) return [];
  const parts = names.map((name) => `select '${name}' as name where exists (select from ${name})`);
  const { rows } = await sql.raw<{ name: string }>(parts.join(" union all ")).execute(db);
  return rows.map(({ name }) => name);
}

async function readRows(db: Db, names: readonly string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const parts = names.map(
    (name) =>
      `select '${name}' as name, coalesce((select json_agg(r order by r::text)::text from ${name} r), '') as rows`,
  );
  const { rows } = await sql.raw<{ name: string; rows: string }>(parts.join(" union all ")).execute(db);
  return new Map(rows.map((row) => [row.name, row.rows]));
}

async function readPlaces(db: Db, names: readonly string[]): Promise<Map<string, Place>> {
  if (names.length === 0) return new Map();
  const parts = names.map((name) => `select '${name}' as name, last_value::text as last_value, is_called from ${name}`);
  const { rows } = await sql.raw<Place & { name: string }>(parts.join(" union all ")).execute(db);
  return new Map(rows.map(({ name, ...place }) => [name, place]));
}

/** By the transactions that wrote the catalogue; statistics of the planner count, since they change its plans. */
async function readLayout(db: Db): Promise<string> {
  const { rows } = await sql<{ layout: string }>`
    with schemas as (select oid, xmin from pg_namespace where ${sql.raw(OWN_SCHEMAS)}),
      classes as (select oid, xmin from pg_class where relnamespace in (select oid from schemas))
    select md5(string_agg(part, ' ' order by part)) as layout from (
      select format('n %s %s', oid, xmin) as part from schemas
      union all select format('c %s %s', oid, xmin) from classes
      union all select format('a %s %s %s', attrelid, attnum, xmin) from pg_attribute where attrelid in (select oid from classes)
      union all select format('d %s %s', oid, xmin) from pg_attrdef where adrelid in (select oid from classes)
      union all select format('i %s %s', indexrelid, xmin) from pg_index where indrelid in (select oid from classes)
      union all select format('t %s %s', oid, xmin) from pg_trigger where tgrelid in (select oid from classes)
      union all select format('o %s %s', oid, xmin) from pg_constraint where connamespace in (select oid from schemas)
      union all select format('p %s %s', oid, xmin) from pg_proc where pronamespace in (select oid from schemas)
      union all select format('y %s %s', oid, xmin) from pg_type where typnamespace in (select oid from schemas)
      union all select format('s %s %s %s', starelid, staattnum, xmin) from pg_statistic where starelid in (select oid from classes)
    ) parts`.execute(db);
  return rows[0]?.layout ?? "";
}
