// Putting back whatever lies ahead of a clock that is relied on: each feature for its own tables, in one transaction.

import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import type { Database, Db, StatementLimits } from "../../platform/database/database.ts";
import { readLastRunAt } from "../../platform/jobs/job-queries.ts";
import { type AheadTables, aheadOf, type PutBack, type PutBackCounts } from "../../platform/time/ahead-tables.ts";
import { readClockState } from "../../platform/time/clock-queries.ts";

/** Millions of keys may have been saved ahead, on a slow disk. */
const LIMITS: StatementLimits = { withinMilliseconds: 2 * HOUR * 1_000, idleMilliseconds: HOUR * 1_000 };

export type PutBackWish = Omit<PutBack, "toldUntil">;

/** The tables of a whole server. */
export interface AllAheadTables {
  putBack(request: PutBackWish): Promise<PutBackCounts>;
  /** The same inside a transaction of the caller. */
  putBackIn(tx: Db, request: PutBackWish): Promise<PutBackCounts>;
  isAhead(db: Db, now: UnixSeconds): Promise<boolean>;
}

export function joinAheadTables(database: Database, parts: readonly AheadTables[]): AllAheadTables {
  async function putBackIn(tx: Db, wish: PutBackWish): Promise<PutBackCounts> {
    const counts: Record<string, number> = {};
    const last = Math.max((await readClockState(tx)).seenAt ?? 0, (await readLastRunAt(tx)) ?? 0);
    const request = { ...wish, toldUntil: last > aheadOf(wish.now) ? last : null };
    for (const part of parts) Object.assign(counts, await part.putBack(tx, request));
    return counts;
  }
  return {
    putBackIn,
    putBack: (request) => database.transaction((tx) => putBackIn(tx, request), LIMITS),
    async isAhead(db, now) {
      for (const part of parts) if ((await part.isAhead?.(db, now)) === true) return true;
      return false;
    },
  };
}
