// The limit of every export: only reading the keys of its window, in the order of the export, by queries that give the
// same columns.

import { type RawBuilder, sql } from "kysely";
import type { Db } from "../src/platform/database/database.ts";
import { packRecord } from "../src/platform/database/packed.ts";
import { timeOf } from "./measure.ts";

const COLUMNS = ["transmission_risk", "report_type", "days_since_onset"].map(
  (name) =>
    sql`case when revised_at is null then ${sql.ref(name)} else ${sql.ref(`revised_${name}`)} end as ${sql.ref(name)}`,
);

const aggregated = ["rolling_start", "rolling_period", "transmission_risk", "report_type", "days_since_onset"].map(
  (name) => sql`string_agg(int4send(coalesce(${sql.ref(name)}::integer, -100)), ''::bytea) as ${sql.ref(name)}`,
);

/** Milliseconds of each way to read the keys released in `[start, end)` of region XX. */
export async function timeReading(db: Db, start: number, end: number): Promise<Record<string, number>> {
  const keys = sql`
    select key_data, rolling_start, rolling_period, ${sql.join(COLUMNS)} from exposure
    where released_at >= ${start}::bigint and released_at < ${end}::bigint and regions && '{XX}'::text[]
    order by released_at, key_data`;
  return {
    "as rows": await timeRead(db, keys),
    "as one value per column": await timeRead(
      db,
      sql`select string_agg(key_data, ''::bytea) as key_data, ${sql.join(aggregated)} from (${keys}) keys`,
    ),
    "as packed records": await timeRead(
      db,
      sql`select string_agg(${packRecord()}, ''::bytea) as records from (${keys}) keys`,
    ),
  };
}

function timeRead(db: Db, query: RawBuilder<unknown>): Promise<number> {
  return timeOf(() => query.execute(db));
}
