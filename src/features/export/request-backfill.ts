// Asking for a stretch to be exported once more.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Database } from "../../platform/database/database.ts";
import { insertBackfill } from "./backfill-queries.ts";
import type { Backfill } from "./backfill-types.ts";
import type { ExportConfig, ExportErrorCode } from "./export-types.ts";
import { exportUnknown } from "./manage-configs.ts";
import { lockConfig } from "./queries.ts";

/**
 * Answers the back-fill; the export job carries it out. Without `thru` it ends where the export has come to. Throws
 * `export_unknown`, `export_stretch_invalid`.
 */
export function requestBackfill(
  database: Database,
  name: string,
  asked: { readonly from: UnixSeconds; readonly thru: UnixSeconds | null },
  now: UnixSeconds,
): Promise<Backfill> {
  return database.transaction(async (tx) => {
    // Locked, so that a change of the filter meets this back-fill or comes before it.
    const config = await lockConfig(tx, name);
    if (!config) throw exportUnknown(name);
    return insertBackfill(tx, config.id, requireExported(config, asked), now);
  });
}

/** What is still to come, the windows bring by themselves. */
function requireExported(
  { name, exportedUntil }: Pick<ExportConfig, "name" | "exportedUntil">,
  asked: { readonly from: UnixSeconds; readonly thru: UnixSeconds | null },
): { from: UnixSeconds; thru: UnixSeconds } {
  if (exportedUntil === null) throw invalid(`"${name}" has not exported anything yet`);
  const { from } = asked;
  const thru = asked.thru ?? exportedUntil;
  if (thru <= from) throw invalid(`it would begin at ${isoTime(from)} and end at ${isoTime(thru)}`);
  if (thru > exportedUntil) throw invalid(`"${name}" has exported up to ${isoTime(exportedUntil)}, and no further`);
  return { from, thru };
}

function invalid(why: string): CodedError {
  return new CodedError<ExportErrorCode>("export_stretch_invalid", `the stretch cannot be exported once more: ${why}`, {
    remedy: "Choose a stretch that ends where the export has come to, or before.",
  });
}
