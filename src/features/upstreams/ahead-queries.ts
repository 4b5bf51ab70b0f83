// When servers that we follow were looked at, by a clock that was ahead.

import { sql } from "kysely";
import { type AheadTables, aheadOf, enteredUntil } from "../../platform/time/ahead-tables.ts";
import { setNotAfter } from "../../platform/time/instant-queries.ts";

/** Until when somebody is followed or trusted is an operator's word, and stays. */
export const upstreamAheadTables: AheadTables = {
  async putBack(tx, request) {
    const { now } = request;
    const ahead = aheadOf(now);
    for (const table of ["upstream", "upstream_trusted_key"]) {
      await sql`
        update ${sql.table(table)} set from_at = ${now}::bigint
        where from_at > ${ahead}::bigint and from_at <= ${enteredUntil(request)}::bigint`.execute(tx);
    }
    const upstreams = await sql`
      update upstream set ${setNotAfter(["checked_at", "reached_at", "suspicious_at"], now)}
      where greatest(checked_at, reached_at, suspicious_at) > ${ahead}::bigint`.execute(tx);
    await sql`
      update upstream_trusted_key set added_at = ${now}::bigint where added_at > ${ahead}::bigint`.execute(tx);
    await sql`
      update upstream_skip set ${setNotAfter(["skipped_at", "undone_at"], now)}
      where greatest(skipped_at, undone_at) > ${ahead}::bigint`.execute(tx);
    // Its end had not come: it is followed on, or looked at once more. An operator's word stays.
    const ends = await sql`
      update upstream set final_look_at = null,
        ended_at = case when given_up is null then null else least(ended_at, ${now}::bigint) end
      where greatest(final_look_at, ended_at) > ${ahead}::bigint
        or greatest(final_look_at, ended_at) >= ${request.wrongSince}::bigint`.execute(tx);
    return { upstreams: Number(upstreams.numAffectedRows ?? 0n), upstreamEnds: Number(ends.numAffectedRows ?? 0n) };
  },
};
