// What imports have noted, refused and put aside by a clock that was ahead: taken back, and judged again.

import { type RawBuilder, sql } from "kysely";
import { HOUR } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import { type AheadTables, aheadOf, type PutBack } from "../../platform/time/ahead-tables.ts";
import { setNotAfter } from "../../platform/time/instant-queries.ts";

/** The longest that a failed attempt waits for the next. */
const LONGEST_BACK_OFF_SECONDS = HOUR;

export function importAheadTables({ leaseSeconds }: { readonly leaseSeconds: number }): AheadTables {
  return {
    async putBack(tx, request) {
      const { now } = request;
      const ahead = aheadOf(now);
      const reopenedArchives = await reopen(tx, request);
      const discoveredArchives = await changed(
        tx,
        sql`update import_archive archive set discovered_at = ${lastRightDiscovery(now)}
          where discovered_at > ${ahead}::bigint`,
      );
      const waitingArchives = await changed(
        tx,
        sql`update import_archive set
            next_attempt_at = case when next_attempt_at is not null then ${now}::bigint end,
            lease_until = case when lease_until is not null then ${now}::bigint end
          where next_attempt_at > ${ahead + LONGEST_BACK_OFF_SECONDS}::bigint
            or lease_until > ${ahead + leaseSeconds}::bigint`,
      );
      await sql`
        update import_archive set ${setNotAfter(["last_checked_at", "completed_at"], now)}
        where greatest(last_checked_at, completed_at) > ${ahead}::bigint`.execute(tx);
      return { reopenedArchives, discoveredArchives, waitingArchives };
    },
  };
}

/**
 * Opens archives again whose keys were refused for their age by a wrong clock, or that were put aside by one; to judge
 * them again changes nothing where the clock was right. Where it is known since when it was wrong, they count as
 * discovered then.
 */
async function reopen(tx: Db, { now, isAfterDoubt, wrongSince }: PutBack): Promise<number> {
  const ahead = aheadOf(now);
  const isTooOld = sql`coalesce((refusals ->> 'too_old')::bigint, 0) > 0`;
  const isInFuture = sql`coalesce((refusals ->> 'in_future')::bigint, 0) > 0`;
  const since = wrongSince === null ? sql`false` : sql`greatest(discovered_at, completed_at) >= ${wrongSince}::bigint`;
  return changed(
    tx,
    sql`update import_archive set state = 'open', attempts = 0, missing_count = 0, damaged_count = 0, reason = null,
        quarantined_at = null,
        discovered_at = case when ${since} then least(discovered_at, ${wrongSince ?? now}::bigint) else discovered_at end
      where (state = 'quarantined' and quarantined_at > ${ahead}::bigint)
        or (state = 'complete' and (
          (${isTooOld} and (discovered_at > ${ahead}::bigint or ${since}))
          or (${isInFuture} and still_listed and (${isAfterDoubt}::boolean or ${since}))
        ))`,
  );
}

/**
 * When a source was last seen with something new by a right clock: what it listed since was listed then or later, so
 * that none of its keys is taken for older than it was.
 */
function lastRightDiscovery(now: number): RawBuilder<number> {
  return sql`coalesce((
    select max(earlier.discovered_at) from import_archive earlier
    where earlier.source_id = archive.source_id and earlier.discovered_at <= ${now}::bigint
  ), ${now}::bigint)`;
}

async function changed(tx: Db, update: RawBuilder<unknown>): Promise<number> {
  return Number((await update.execute(tx)).numAffectedRows ?? 0n);
}
