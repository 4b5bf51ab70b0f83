// When principals were last seen, by a clock that was ahead; the audit log keeps what it says.

import { sql } from "kysely";
import { type AheadTables, aheadOf } from "../../platform/time/ahead-tables.ts";

export const administrationAheadTables: AheadTables = {
  async putBack(tx, { now }) {
    await sql`
      update principal set last_used_at = ${now}::bigint where last_used_at > ${aheadOf(now)}::bigint`.execute(tx);
    return {};
  },
};
