// Forgetting exposure keys by their own expiry.

import { DAY, type UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import { deleteAwaitedBefore, deleteKeysBefore } from "./queries.ts";

/**
 * Phones match keys of the last 14 days (DB 4.1) and imports take keys of the last 15; one day more makes sure that a
 * key whose copies may still arrive is known, and is not taken for a new one.
 */
const KEEP_SECONDS = 16 * DAY;

/**
 * Deletes keys 16 days after their end, their release and their revision, whichever is last: so never before every
 * export had as long to carry their last value. Answers how many went.
 */
export async function cleanUpKeys(database: Pick<Database, "db">, now: UnixSeconds): Promise<number> {
  await deleteAwaitedBefore(database.db, now - KEEP_SECONDS);
  let total = 0;
  for (;;) {
    // Asked for anew each time, so that a run whose clock has gone back ends here.
    const deleted = await deleteKeysBefore(database.db, now - KEEP_SECONDS, PORTION);
    total += deleted;
    if (deleted < PORTION) return total;
  }
}

/** In one transaction: rows that are being deleted are locked. */
const PORTION = 50_000;
