// An export waits a little for those before it that failed: what pads them has to stand in its window too.

import { MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { ExportWindow } from "../../core/plan-windows.ts";
import type { ExportConfig } from "./export-types.ts";

/** Some runs: what passes by itself has passed by then, and what does not must not keep keys from other phones. */
export const PATIENCE_SECONDS = 30 * MINUTE;

/**
 * Whether `window` of `config` is left for a later run: an export of one of its regions, whose turn was before, failed
 * in this run, has yet to export it, and might pad it. `closedAt` is when the window could be exported first.
 */
export function waitsForNarrower(
  config: ExportConfig,
  window: ExportWindow,
  failed: readonly ExportConfig[],
  closedAt: UnixSeconds,
  now: UnixSeconds,
): boolean {
  if (now >= closedAt + PATIENCE_SECONDS) return false;
  const regions = new Set(config.filter.includeRegions);
  return failed.some(
    (one) =>
      one.minRecords > 0 &&
      (one.exportedUntil ?? one.from) < window.end &&
      (one.thru === null || window.start < one.thru) &&
      one.filter.includeRegions.some((region) => regions.has(region)),
  );
}
