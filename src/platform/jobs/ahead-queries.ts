// When jobs ran, by a clock that was ahead; the job library's own tables are `forgetFuture`'s.

import { sql } from "kysely";
import { type AheadTables, aheadOf } from "../time/ahead-tables.ts";
import { setNotAfter } from "../time/instant-queries.ts";

export const jobAheadTables: AheadTables = {
  async putBack(tx, { now }) {
    const jobs = await sql`
      update job_state set ${setNotAfter(["last_started_at", "last_ended_at", "last_succeeded_at", "waits_since_at"], now)}
      where greatest(last_started_at, last_ended_at, last_succeeded_at, waits_since_at) > ${aheadOf(now)}::bigint
    `.execute(tx);
    return { jobs: Number(jobs.numAffectedRows ?? 0n) };
  },
};
