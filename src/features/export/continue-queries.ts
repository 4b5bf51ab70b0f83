// The SQL that lets an export go on which has an end.

import { sql } from "kysely";
import type { Db } from "../../platform/database/database.ts";

/** Without an end; its next window begins where its last one ended. */
export async function clearEnd(tx: Db, configId: number): Promise<void> {
  await sql`
    update export_config
    set ended_at = null, thru_at = null, ending_until = null, given_up = null, settings_revision = settings_revision + 1
    where id = ${configId}::bigint`.execute(tx);
}
