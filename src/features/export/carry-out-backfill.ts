// Exporting a stretch once more: an archive at a time, each committed with the place where it ended.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { type ClosedEnd, closeWindows } from "../exposures/close-windows.ts";
import { advanceBackfill } from "./backfill-queries.ts";
import type { Backfill } from "./backfill-types.ts";
import type { ExportConfig, ExportErrorCode } from "./export-types.ts";
import { type ExportDeps, handOverPart } from "./hand-over-part.ts";

/**
 * Hands the keys of the stretch to the location as a window does; what stands there already it leaves out, and the
 * archives it puts behind all that it has. Throws `export_overtaken` and what the location throws; both leave a state
 * from which the next run goes on.
 */
export async function carryOutBackfill(
  deps: ExportDeps,
  config: ExportConfig,
  backfill: Backfill,
  now: UnixSeconds,
): Promise<void> {
  const end = await closeWindows(deps.database, backfill.thru, deps.pace);
  let current: Backfill | null = backfill;
  while (current !== null) current = await carryOutPart(deps, config, current, end, now);
}

/** null: it is complete. */
async function carryOutPart(
  deps: ExportDeps,
  config: ExportConfig,
  backfill: Backfill,
  end: ClosedEnd,
  now: UnixSeconds,
): Promise<Backfill | null> {
  const stretch = { start: backfill.from, end };
  const openWindow = backfill.progress && { ...backfill.progress, end: stretch.end };
  const progress = await handOverPart(deps, { ...config, openWindow }, stretch, now, async (tx, next, part) => {
    if (!(await advanceBackfill(tx, backfill, part, next, now))) throw overtaken(config);
  });
  return progress && { ...backfill, progress };
}

function overtaken(config: ExportConfig): CodedError {
  return new CodedError<ExportErrorCode>(
    "export_overtaken",
    `another worker went on with a back-fill of "${config.name}", or its filter changed, meanwhile`,
  );
}
