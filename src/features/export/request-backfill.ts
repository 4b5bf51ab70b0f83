// Asking for a stretch to be exported once more.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Database } from "../../platform/database/database.ts";
import { insertBackfill } from "./backfill-queries.ts";
import type { Backfill } from "./backfill-types.ts";
import type { ExportConfig, ExportErrorCode } from "./export-types.ts";
import { exportUnknown } from "./manage-configs.ts";
import { lockConfig } from "./queries.ts";

/** Answers the back-fill; the export job carries it out. Throws `export_unknown`, `export_stretch_invalid`. */
export function requestBackfill(
  database: Database,
  name: string,
  stretch: { readonly from: UnixSeconds; readonly thru: UnixSeconds },
  now: UnixSeconds,
): Promise<Backfill> {
  return database.transaction(async (tx) => {
    // Locked, so that a change of the filter meets this back-fill or comes before it.
    const config = await lockConfig(tx, name);
    if (!config) throw exportUnknown(name);
    requireExported(config, stretch);
    return insertBackfill(tx, config.id, stretch, now);
  });
}

/** What is still to come, the windows bring by themselves. */
function requireExported(
  { name, exportedUntil }: Pick<ExportConfig, "name" | "exportedUntil">,
  { from, thru }: { readonly from: UnixSeconds; readonly thru: UnixSeconds },
): void {
  if (thru <= from) throw invalid("a stretch ends after it begins");
  if (exportedUntil === null) throw invalid(`"${name}" has not exported anything yet`);
  if (thru > exportedUntil) throw invalid(`"${name}" has exported up to ${isoTime(exportedUntil)}, and no further`);
}

function invalid(why: string): CodedError {
  return new CodedError<ExportErrorCode>("export_stretch_invalid", `the stretch cannot be exported once more: ${why}`, {
    remedy: "Choose a stretch that ends where the export has come to, or before.",
  });
}
