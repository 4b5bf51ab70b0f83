// An export waits a little for those before it that are behind: what pads them has to stand in its window too.

import { MINUTE, type UnixSeconds } from "../../core/clock.ts";
import { dueAt, type ExportWindow } from "../../core/plan-windows.ts";
import type { ExportConfig, RunSettings } from "./export-types.ts";
import { lastEnd } from "./settle-end.ts";

/** Some runs: what passes by itself has passed by then, and what does not must not keep keys from other phones. */
export const PATIENCE_SECONDS = 30 * MINUTE;

/** Whether a window of `config` that is due is left for a later run: one that is `behind` may yet pad it. */
export function waitsForNarrower(
  config: ExportConfig,
  window: ExportWindow,
  behind: readonly ExportConfig[],
  now: UnixSeconds,
  settings: RunSettings,
): boolean {
  return now < waitsUntil(config, window, settings) && behind.some((one) => mayPad(one, window) && share(one, config));
}

/** A first window with history ends later from run to run, so that its end says nothing of how long it has waited. */
function waitsUntil(config: ExportConfig, { end }: ExportWindow, settings: RunSettings): UnixSeconds {
  const isHistory = config.exportedUntil === null && config.backfillSeconds > 0;
  return dueAt(isHistory ? Math.min(config.from, end) : end, settings) + PATIENCE_SECONDS;
}

function mayPad(one: ExportConfig, { start, end }: ExportWindow): boolean {
  const { exportedUntil, from, backfillSeconds, minRecords } = one;
  const thru = lastEnd(one);
  const next = exportedUntil ?? from - backfillSeconds;
  return minRecords > 0 && next < Math.min(end, thru ?? end) && (thru === null || start < thru);
}

/** Padding has the regions of real keys, and is a traveller's where theirs are. */
export function share(one: ExportConfig, other: ExportConfig): boolean {
  const regions = new Set(one.filter.includeRegions);
  return (
    other.filter.includeRegions.some((region) => regions.has(region)) ||
    takesTravelersOf(one, other) ||
    takesTravelersOf(other, one)
  );
}

function takesTravelersOf({ filter }: ExportConfig, other: ExportConfig): boolean {
  return filter.travelers === "also" && other.filter.travelers !== "never";
}
