// Since when a migration is in its state, by a clock that was ahead: a soak time would not end. The journal stays.

import { sql } from "kysely";
import { type AheadTables, aheadOf } from "../../platform/time/ahead-tables.ts";

export const migrationAheadTables: AheadTables = {
  async putBack(tx, { now }) {
    await sql`
      update migration set state_since_at = ${now}::bigint where state_since_at > ${aheadOf(now)}::bigint`.execute(tx);
    return {};
  },
};
