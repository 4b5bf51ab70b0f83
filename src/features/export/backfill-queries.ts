// The SQL on stretches that are exported once more.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Backfill } from "./backfill-types.ts";
import type { OpenWindow, WindowPart } from "./export-types.ts";

/** Answers what was inserted. */
export async function insertBackfill(
  tx: Db,
  configId: number,
  stretch: { readonly from: UnixSeconds; readonly thru: UnixSeconds },
  requestedAt: UnixSeconds,
): Promise<Backfill> {
  const { rows } = await sql<{ id: number }>`
    insert into export_backfill (config_id, from_at, thru_at, requested_at)
    values (${configId}::bigint, ${stretch.from}::bigint, ${stretch.thru}::bigint, ${requestedAt}::bigint)
    returning id`.execute(tx);
  const nothing = { archives: 0, primaries: 0, revised: 0, leftOut: 0, generated: 0 };
  return {
    id: rows[0]?.id ?? 0,
    configId,
    ...stretch,
    requestedAt,
    restarts: 0,
    progress: null,
    completedAt: null,
    ...nothing,
  };
}

/** Those that are not complete, in the order of their making. */
export function readOpenBackfills(db: Db): Promise<Backfill[]> {
  return readWhere(db, sql`completed_at is null order by id`);
}

/** The newest `limit` of one configuration, the newest first. */
export function readBackfillsOf(db: Db, configId: number, limit: number): Promise<Backfill[]> {
  return readWhere(db, sql`config_id = ${configId}::bigint order by id desc limit ${limit}::bigint`);
}

type BackfillRow = Omit<Backfill, "progress"> & {
  readonly list: OpenWindow["list"] | null;
  readonly afterAt: UnixSeconds | null;
  readonly afterKey: string | null;
};

async function readWhere(db: Db, rest: RawBuilder<unknown>): Promise<Backfill[]> {
  const { rows } = await sql<BackfillRow>`
    select id, config_id as "configId", from_at as "from", thru_at as "thru", requested_at as "requestedAt", restarts,
      open_list as "list", open_after_at as "afterAt", open_after_key as "afterKey",
      archives, primaries, revised, left_out as "leftOut", generated, completed_at as "completedAt"
    from export_backfill where ${rest}`.execute(db);
  return rows.map(({ list, afterAt, afterKey, ...row }) => ({
    ...row,
    progress:
      list === null
        ? null
        : { list, after: afterAt === null || afterKey === null ? null : { at: afterAt, keyHex: afterKey } },
  }));
}

/**
 * Adds a part and moves the stretch on from where `backfill` was read: to `next`, or with null to its end. False when
 * another worker has moved it meanwhile, or it began again; then nothing was changed.
 */
export async function advanceBackfill(
  tx: Db,
  backfill: Backfill,
  part: WindowPart,
  next: OpenWindow | null,
  now: UnixSeconds,
): Promise<boolean> {
  const before = backfill.progress;
  const result = await sql`
    update export_backfill set
      open_list = ${next?.list ?? null}::text,
      open_after_at = ${next?.after?.at ?? null}::bigint,
      open_after_key = ${next?.after?.keyHex ?? null}::text,
      archives = archives + ${part.archives},
      primaries = primaries + ${part.primaries},
      revised = revised + ${part.revised},
      left_out = left_out + ${part.leftOut},
      generated = generated + ${part.generated},
      completed_at = ${next === null ? now : null}::bigint
    where id = ${backfill.id}::bigint and completed_at is null and restarts = ${backfill.restarts}
      and open_list is not distinct from ${before?.list ?? null}::text
      and open_after_key is not distinct from ${before?.after?.keyHex ?? null}::text`.execute(tx);
  return result.numAffectedRows === 1n;
}

/** Lets those of a configuration that are not complete begin again, under the filter that it has now. */
export async function restartBackfills(tx: Db, configId: number): Promise<void> {
  await sql`
    update export_backfill
    set restarts = restarts + 1, open_list = null, open_after_at = null, open_after_key = null
    where config_id = ${configId}::bigint and completed_at is null`.execute(tx);
}
