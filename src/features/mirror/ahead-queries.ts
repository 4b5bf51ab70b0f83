// Instants of mirrors that a clock which was ahead has written.

import { sql } from "kysely";
import { type AheadTables, aheadOf } from "../../platform/time/ahead-tables.ts";
import { setNotAfter } from "../../platform/time/instant-queries.ts";

export const mirrorAheadTables: AheadTables = {
  async putBack(tx, { now }) {
    const mirrors = await sql`
      update mirror set ${setNotAfter(["last_run_at", "last_ok_at", "listed_at", "history_done_at"], now)}
      where greatest(last_run_at, last_ok_at, listed_at, history_done_at) > ${aheadOf(now)}::bigint`.execute(tx);
    // The end of a window says how long the source has to list it.
    await sql`
      update mirror_archive set ${setNotAfter(["taken_at", "end_at"], now)}
      where greatest(taken_at, end_at) > ${aheadOf(now)}::bigint`.execute(tx);
    await sql`
      update mirror_loss set ${setNotAfter(["noticed_at", "accepted_at"], now)}
      where greatest(noticed_at, accepted_at) > ${aheadOf(now)}::bigint`.execute(tx);
    return { mirrors: Number(mirrors.numAffectedRows ?? 0n) };
  },
};
