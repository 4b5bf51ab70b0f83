// The SQL on revisions of test keys that are still to come.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import { KeyBatch, RECORD_LENGTH } from "../../core/key-batch.ts";
import type { Db } from "../../platform/database/database.ts";

export async function insertPlannedRevisions(tx: Db, dueAt: UnixSeconds, revisions: KeyBatch): Promise<void> {
  await sql`insert into planned_revision (due_at, records) values (${dueAt}::bigint, ${revisions.bytes}::bytea)`.execute(
    tx,
  );
}

/** Takes out those of one call that are due; null when none are, or somebody else is about to apply them. */
export async function takeDueRevisions(tx: Db, now: UnixSeconds): Promise<KeyBatch | null> {
  const { rows } = await sql<{ records: Uint8Array }>`
    delete from planned_revision where id = (
      select id from planned_revision where due_at <= ${now}::bigint order by id limit 1 for update skip locked
    ) returning records`.execute(tx);
  return rows[0] ? new KeyBatch(rows[0].records) : null;
}

export async function countPlannedRevisions(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coalesce(sum(octet_length(records)), 0)::bigint / ${RECORD_LENGTH}::bigint as count
    from planned_revision`.execute(db);
  return rows[0]?.count ?? 0;
}
