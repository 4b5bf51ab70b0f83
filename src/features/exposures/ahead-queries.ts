// Release times that a clock which was ahead has given: taken back to those that the keys have by nature.

import { type RawBuilder, sql } from "kysely";
import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import { INTERVAL, intervalNumber, SECONDS_BEFORE_1970, truncateWindow } from "../../core/intervals.ts";
import { CLOCK_SKEW_SECONDS } from "../../core/validate-key.ts";
import { type AheadTables, aheadOf } from "../../platform/time/ahead-tables.ts";
import { reopenWindows } from "./horizon-queries.ts";
import type { SaveSettings } from "./save-context.ts";

/** The furthest that a key's end lies ahead by nature: it began now, by a source's clock. */
const LONGEST_EMBARGO_SECONDS = 24 * HOUR + CLOCK_SKEW_SECONDS;

export function exposureAheadTables({ truncateWindowSeconds }: SaveSettings): AheadTables {
  const end = sql`rolling_start::bigint + rolling_period`;
  const before = SECONDS_BEFORE_1970;
  /** The first window that begins after the key's end: none is released later by nature, whenever it was saved. */
  const afterEnd = sql`(((${end}) * ${INTERVAL}::bigint + ${truncateWindowSeconds}::bigint + ${before}::bigint)
    / ${truncateWindowSeconds}::bigint * ${truncateWindowSeconds}::bigint - ${before}::bigint)`;
  /** As `contextOf` has it for a key that is saved at `now`, never before `start`. */
  const natural = (now: UnixSeconds, start: UnixSeconds): RawBuilder<number> =>
    sql`case when ${end} <= ${intervalNumber(now)}::bigint then ${start}::bigint
      else greatest(${start}::bigint, ${afterEnd}) end`;
  return {
    async putBack(tx, { now, isProven }) {
      const window = truncateWindow(now, truncateWindowSeconds);
      // Not to the window: exports that are not ahead have come up to there, and none comes back for what is before it.
      const { closedUntil, isLowered } = await reopenWindows(tx, aheadOf(now), aheadOf(now));
      const start = Math.max(window, closedUntil);
      const released = natural(now, start);
      // A revision is released with its key or later.
      const keys = await sql`
        update exposure set released_at = ${released}
        where released_at > greatest(${start}::bigint, ${afterEnd})`.execute(tx);
      const revisions = await sql`
        update exposure set revised_at = greatest(released_at, ${released})
        where revised_at > greatest(released_at, ${start}::bigint, ${afterEnd})`.execute(tx);
      const awaited = !isProven
        ? null
        : await sql`
        update awaited_revision set received_at = ${now}::bigint where received_at > ${aheadOf(now)}::bigint`.execute(
            tx,
          );
      return {
        closedWindows: isLowered ? 1 : 0,
        releasedKeys: countOf(keys),
        revisedKeys: countOf(revisions),
        awaitedRevisions: awaited === null ? 0 : countOf(awaited),
      };
    },
    async isAhead(db, now) {
      const released = natural(now, truncateWindow(now, truncateWindowSeconds));
      const latest = aheadOf(now) + LONGEST_EMBARGO_SECONDS + truncateWindowSeconds;
      const { rows } = await sql<{ is_ahead: boolean }>`
        select exists (select from release_horizon where closed_until > ${aheadOf(now)}::bigint)
          or exists (select from exposure where released_at > ${latest}::bigint and released_at > ${released})
          or exists (select from exposure where revised_at > ${latest}::bigint
            and revised_at > greatest(released_at, ${released})) as is_ahead`.execute(db);
      return rows[0]?.is_ahead ?? false;
    },
  };
}

function countOf({ numAffectedRows }: { readonly numAffectedRows?: bigint }): number {
  return Number(numAffectedRows ?? 0n);
}
