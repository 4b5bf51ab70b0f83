// Tables that hold very many exposure keys already, as after two weeks of a large nation.

import { sql } from "kysely";
import { DAY, HOUR } from "../src/core/clock.ts";
import { type BenchServer, NOW } from "./bench-server.ts";
import { showProgress } from "./show-progress.ts";

const PORTION = 1_000_000;

/**
 * Fills `exposure`, and `bare` like it, with `rows` random keys, released hour by hour in the 14 days before NOW. Without
 * the indexes at first: building them at the end takes a tenth of the time, and fills their pages as much.
 */
export async function fillTables({ database: { db } }: BenchServer, rows: number): Promise<void> {
  await sql`create table bare (like exposure including all excluding indexes)`.execute(db);
  const { rows: indexes } = await sql<{ name: string; definition: string }>`
    select indexname as name, indexdef as definition from pg_indexes
    where schemaname = current_schema() and tablename = 'exposure'`.execute(db);
  const others = indexes.filter(({ name }) => name !== "exposure_pkey");
  await sql`alter table exposure drop constraint exposure_pkey`.execute(db);
  for (const { name } of others) await sql`drop index ${sql.id(name)}`.execute(db);
  for (let filled = 0; filled < rows; filled += PORTION) {
    showProgress(`filling two tables with ${rows / 1_000_000} million keys`, filled / rows);
    await sql`
      insert into exposure (key_data, rolling_start, rolling_period, transmission_risk, report_type, days_since_onset,
        regions, traveler, origin, supplier_id, released_at)
      select decode(md5(${`${filled} `} || i), 'hex'), ${sql.lit((NOW - 2 * DAY) / 600)} - 144 * (i % 14), 144, 0, 1, i % 7,
        '{XX}', false, 'import', 0, ${sql.lit(NOW - 14 * DAY)} + ${sql.lit(HOUR)} * (i % 336)
      from generate_series(1, ${sql.lit(Math.min(PORTION, rows - filled))}) i`.execute(db);
  }
  await sql`insert into bare select * from exposure`.execute(db);
  for (const [at, { definition }] of indexes.entries()) {
    if (rows > 0) showProgress("building the indexes of one", at / indexes.length);
    await sql.raw(definition.replace(/INDEX \S+ ON \S+/, "INDEX ON bare")).execute(db);
  }
  for (const [at, { definition }] of others.entries()) {
    if (rows > 0) showProgress("building the indexes of the other", at / indexes.length);
    await sql.raw(definition).execute(db);
  }
  await sql`alter table exposure add primary key (key_data)`.execute(db);
  await sql`analyze exposure`.execute(db);
  if (rows > 0) showProgress("building the indexes of the other", 1);
}
