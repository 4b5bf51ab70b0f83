// Every stretch of some exports that is still to be exported once more.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Report } from "../../platform/observe/report.ts";
import { readOpenBackfills } from "./backfill-queries.ts";
import { carryOutBackfill } from "./carry-out-backfill.ts";
import type { ExportDeps } from "./hand-over-part.ts";
import { readConfigById } from "./queries.ts";
import { reportFailure } from "./report-failure.ts";

/** Carries out what was asked for, and publishes; one failure is reported and does not stop the others. */
export async function runBackfills(
  deps: ExportDeps & { readonly report: Report },
  configIds: ReadonlySet<number>,
  now: UnixSeconds,
): Promise<void> {
  for (const backfill of await readOpenBackfills(deps.database.db)) {
    if (!configIds.has(backfill.configId)) continue;
    // Read behind the back-fill: a filter that is newer than what was read of the back-fill calls it off.
    const config = await readConfigById(deps.database.db, backfill.configId);
    if (!config) continue;
    try {
      await carryOutBackfill(deps, config, backfill, now);
      await deps.locations.publish(config.location, now);
      deps.report({
        event: "export.backfill-completed",
        config: config.name,
        from: backfill.from,
        thru: backfill.thru,
      });
    } catch (error) {
      await reportFailure(deps, config, error, now);
    }
  }
}
