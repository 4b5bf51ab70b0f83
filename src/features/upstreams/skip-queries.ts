// The SQL on lines that are skipped: each skip is a row, and undoing it is noted in it.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Skip } from "./skip-types.ts";

/** Who asks, and when. */
export interface Asked {
  readonly by: string;
  readonly now: UnixSeconds;
}

/** False, and nothing is written, where the line is skipped already. */
export async function insertSkip(
  tx: Db,
  upstreamId: number,
  line: string,
  reason: string,
  { by, now }: Asked,
): Promise<boolean> {
  const inserted = await sql`
    insert into upstream_skip (upstream_id, line, reason, skipped_at, skipped_by)
    values (${upstreamId}::bigint, ${line}, ${reason}, ${now}::bigint, ${by})
    on conflict (upstream_id, line) where undone_at is null do nothing`.execute(tx);
  return Number(inserted.numAffectedRows ?? 0n) === 1;
}

/** False, and nothing is written, where the line is not skipped. */
export async function undoSkip(tx: Db, upstreamId: number, line: string, { by, now }: Asked): Promise<boolean> {
  const undone = await sql`
    update upstream_skip set undone_at = ${now}::bigint, undone_by = ${by}
    where upstream_id = ${upstreamId}::bigint and line = ${line} and undone_at is null`.execute(tx);
  return Number(undone.numAffectedRows ?? 0n) === 1;
}

/** The lines that are skipped now. */
export async function readSkippedLines(db: Db, upstreamId: number): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ line: string }>`
    select line from upstream_skip where upstream_id = ${upstreamId}::bigint and undone_at is null`.execute(db);
  return new Set(rows.map(({ line }) => line));
}

export async function isAnySkipped(tx: Db, upstreamId: number, lines: readonly string[]): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    select id from upstream_skip
    where upstream_id = ${upstreamId}::bigint and line = any(${lines}::text[]) and undone_at is null
    limit 1`.execute(tx);
  return rows.length > 0;
}

/** Of each of these servers, how many lines are skipped now. */
export async function countSkipped(db: Db, upstreamIds: readonly number[]): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ upstreamId: number; skipped: number }>`
    select upstream_id as "upstreamId", count(*) as skipped from upstream_skip
    where upstream_id = any(${upstreamIds}::bigint[]) and undone_at is null
    group by upstream_id`.execute(db);
  return new Map(rows.map(({ upstreamId, skipped }) => [upstreamId, skipped]));
}

const COLUMNS = sql`
  id, line, reason, skipped_at as "skippedAt", skipped_by as "skippedBy", undone_at as "undoneAt", undone_by as "undoneBy"`;

/** The last skip of the line, undone or not. */
export async function readSkip(db: Db, upstreamId: number, line: string): Promise<Skip> {
  const { rows } = await sql<Skip>`
    select ${COLUMNS} from upstream_skip
    where upstream_id = ${upstreamId}::bigint and line = ${line}
    order by id desc
    limit 1`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error("the line was never skipped");
  return row;
}

/** A page of the skips of a server, undone ones too, the last first, from below `beforeId` (null: from the last). */
export async function readSkipPage(
  db: Db,
  upstreamId: number,
  beforeId: number | null,
  limit: number,
): Promise<Skip[]> {
  const { rows } = await sql<Skip>`
    select ${COLUMNS} from upstream_skip
    where upstream_id = ${upstreamId}::bigint and (${beforeId}::bigint is null or id < ${beforeId}::bigint)
    order by id desc
    limit ${limit}::bigint`.execute(db);
  return rows;
}
