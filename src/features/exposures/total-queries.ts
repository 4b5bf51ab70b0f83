// The SQL that counts exposure keys by origin: exactly where that is cheap, else from a sample.

import { sql } from "kysely";
import type { Db } from "../../platform/database/database.ts";
import type { KeyOrigin } from "./exposure-types.ts";

/** As the table has it: padding is "generated". */
export type StoredOrigin = KeyOrigin["kind"] | "generated";

export interface KeyTotals {
  /** False: the counts are estimates from a sample, within a few in a hundred; test keys are always counted. */
  readonly exact: boolean;
  readonly byOrigin: Readonly<Record<StoredOrigin, number>>;
  /** Revisions whose original has not come. */
  readonly awaitedRevisions: number;
}

/** What is read at most, in pages of 8 kB: a quarter of a million keys, well below 100 ms. */
export const SAMPLE_PAGES = 4_096;

/** Reads at most about `samplePages` of the table, wherever they lie, so that it costs the same on ten million keys. */
export async function readKeyTotals(db: Db, samplePages: number = SAMPLE_PAGES): Promise<KeyTotals> {
  const pages = await countPages(db);
  const part = Math.min(1, samplePages / Math.max(1, pages));
  const sample = part < 1 ? sql`tablesample system (${part * 100}::real)` : sql``;
  const { rows } = await sql<{ origin: StoredOrigin; count: number }>`
    select origin, count(*) as count from exposure ${sample} group by origin`.execute(db);
  const counted = new Map(rows.map(({ origin, count }) => [origin, Math.round(count / part)]));
  const of = (origin: StoredOrigin) => counted.get(origin) ?? 0;
  const byOrigin = { upload: of("upload"), import: of("import"), federation: of("federation") };
  return {
    exact: part === 1,
    byOrigin: { ...byOrigin, generated: of("generated"), test: await countTestKeys(db) },
    awaitedRevisions: await countAwaitedRevisions(db),
  };
}

/** By their own index, which is empty where there are none. */
export async function countTestKeys(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from exposure where origin = 'test'`.execute(db);
  return rows[0]?.count ?? 0;
}

async function countAwaitedRevisions(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from awaited_revision`.execute(db);
  return rows[0]?.count ?? 0;
}

async function countPages(db: Db): Promise<number> {
  const { rows } = await sql<{ pages: number }>`
    select pg_relation_size('exposure') / current_setting('block_size')::bigint as pages`.execute(db);
  return rows[0]?.pages ?? 0;
}
