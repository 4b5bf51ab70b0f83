// The SQL on which it depends whether a source can be removed, or one of its lines skipped.

import { sql } from "kysely";
import type { UnixSeconds } from "../../../core/clock.ts";
import type { Db } from "../../../platform/database/database.ts";
import type { ArchiveState } from "../state-machine.ts";

/** null where the source never listed the line. */
export async function readState(db: Db, sourceId: number, line: string): Promise<ArchiveState | null> {
  const { rows } = await sql<{ state: ArchiveState }>`
    select state from import_archive where source_id = ${sourceId}::bigint and line = ${line}`.execute(db);
  return rows[0]?.state ?? null;
}

/** Whether one of its archives was ever complete. */
export async function hasCompleted(db: Db, sourceId: number): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    select id from import_archive where source_id = ${sourceId}::bigint and completed_at is not null limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

export async function isLeased(db: Db, sourceId: number, now: UnixSeconds): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`
    select id from import_archive where source_id = ${sourceId}::bigint and lease_until > ${now}::bigint limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** With what it listed. The keys that it brought keep its id, which no other source ever gets. */
export async function deleteSource(tx: Db, sourceId: number): Promise<void> {
  await sql`delete from import_archive where source_id = ${sourceId}::bigint`.execute(tx);
  await sql`delete from import_source where id = ${sourceId}::bigint`.execute(tx);
}
