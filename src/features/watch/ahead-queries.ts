// Instants of the watch that a clock which was ahead has written.

import { sql } from "kysely";
import { HOUR } from "../../core/clock.ts";
import { type AheadTables, aheadOf } from "../../platform/time/ahead-tables.ts";
import { setNotAfter } from "../../platform/time/instant-queries.ts";

export const watchAheadTables: AheadTables = {
  async putBack(tx, { now }) {
    const looks = await sql`
      update watch_look set ${setNotAfter(["looked_at", "since_at", "seen_at", "behind_since_at"], now)}
      where greatest(looked_at, since_at, seen_at, behind_since_at) > ${aheadOf(now)}::bigint`.execute(tx);
    await sql`
      update watch_line set ${setNotAfter(["looked_at", "failed_since_at"], now)}
      where greatest(looked_at, failed_since_at) > ${aheadOf(now)}::bigint`.execute(tx);
    await sql`
      update watch_alarm set ${setNotAfter(["since_at"], now)} where since_at > ${aheadOf(now)}::bigint`.execute(tx);
    // Release times were put back too: what was released lately is counted once more.
    const recount = now - 2 * HOUR;
    await sql`update watch_progress set counted_until = ${recount}::bigint where counted_until > ${recount}::bigint`.execute(
      tx,
    );
    await sql`delete from watch_release where last_at >= ${recount}::bigint`.execute(tx);
    return { watchLooks: Number(looks.numAffectedRows ?? 0n) };
  },
};
