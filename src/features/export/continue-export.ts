// Letting an export go on that has ended, or is to end: what was released meanwhile goes into its next windows.

import type { Database } from "../../platform/database/database.ts";
import { impossible } from "./check-settings.ts";
import { clearEnd } from "./continue-queries.ts";
import { exportUnknown } from "./manage-configs.ts";
import { lockConfig } from "./queries.ts";

/** Throws `export_unknown`, and `export_settings_invalid` where it has no end. */
export async function continueExport(database: Database, name: string): Promise<void> {
  await database.transaction(async (tx) => {
    const config = await lockConfig(tx, name);
    if (!config) throw exportUnknown(name);
    if (config.endedAt === null && config.thru === null) throw impossible("it has no end, and goes on");
    await clearEnd(tx, config.id);
  });
}
