// The SQL on the lines of a mirror that wait: listed by its last look, and not taken.

import { sql } from "kysely";
import type { Db } from "../../platform/database/database.ts";

/** In place of those that the look before has found. */
export async function writeWaitingLines(tx: Db, mirrorId: number, waiting: readonly string[]): Promise<void> {
  const found = waiting.map((line, place) => ({ line, place }));
  await sql`
    with found as (
      select line, place from jsonb_to_recordset(${JSON.stringify(found)}::jsonb) as found (line text, place integer)
    ), gone as (
      delete from mirror_line
      where mirror_id = ${mirrorId}::bigint and not exists (select from found where found.line = mirror_line.line)
    )
    insert into mirror_line (mirror_id, line, place)
    select ${mirrorId}::bigint, line, place from found
    on conflict (mirror_id, line) do update set place = excluded.place
    where mirror_line.place is distinct from excluded.place`.execute(tx);
}

/** Listed by the last look and not taken since, in their order; those that are skipped too. */
export async function readWaitingLines(db: Db, mirrorId: number): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    select line from mirror_line where ${isWaiting(mirrorId)} order by place`.execute(db);
  return rows.map(({ line }) => line);
}

export async function isWaitingLine(db: Db, mirrorId: number, line: string): Promise<boolean> {
  const { rows } = await sql<{ line: string }>`
    select line from mirror_line where ${isWaiting(mirrorId)} and line = ${line}`.execute(db);
  return rows.length > 0;
}

function isWaiting(mirrorId: number) {
  return sql`mirror_line.mirror_id = ${mirrorId}::bigint and not exists (
    select from mirror_archive taken where taken.mirror_id = mirror_line.mirror_id and taken.line = mirror_line.line
  )`;
}

/** Has so many lines more, or less, wait. */
export async function changeWaiting(tx: Db, mirrorId: number, by: 1 | -1): Promise<void> {
  await sql`
    update mirror set target_position = greatest(target_position + ${by}::bigint, next_position)
    where id = ${mirrorId}::bigint and target_position is not null`.execute(tx);
}

/** With everything that it took and found; what it published is the location's. */
export async function deleteMirror(tx: Db, mirrorId: number): Promise<void> {
  await sql`delete from mirror_loss where mirror_id = ${mirrorId}::bigint`.execute(tx);
  await sql`delete from mirror_line where mirror_id = ${mirrorId}::bigint`.execute(tx);
  await sql`delete from mirror_archive where mirror_id = ${mirrorId}::bigint`.execute(tx);
  await sql`delete from mirror where id = ${mirrorId}::bigint`.execute(tx);
}
