// Token keys that were made by a clock that was ahead: by their age they would be replaced too late.

import { sql } from "kysely";
import { type AheadTables, aheadOf } from "../../platform/time/ahead-tables.ts";

export const revisionAheadTables: AheadTables = {
  async putBack(tx, { now, isProven }) {
    if (!isProven) return {};
    const tokenKeys = await sql`
      update token_key set created_at = ${now}::bigint where created_at > ${aheadOf(now)}::bigint`.execute(tx);
    return { tokenKeys: Number(tokenKeys.numAffectedRows ?? 0n) };
  },
};
