// When jobs ran, by a clock that was ahead; the job library's own tables are `forgetFuture`'s.

import { sql } from "kysely";
import { type AheadTables, aheadOf } from "../time/ahead-tables.ts";
import { setNotAfter } from "../time/instant-queries.ts";

const INSTANTS = ["last_started_at", "last_ended_at", "last_succeeded_at", "waits_since_at", "first_asked_at"] as const;

export const jobAheadTables: AheadTables = {
  async putBack(tx, { now }) {
    const jobs = await sql`
      update job_state set ${setNotAfter(INSTANTS, now)}
      where greatest(${sql.join(INSTANTS.map((one) => sql.ref(one)))}) > ${aheadOf(now)}::bigint
    `.execute(tx);
    return { jobs: Number(jobs.numAffectedRows ?? 0n) };
  },
};
