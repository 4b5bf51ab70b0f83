// Exporting a stretch once more: an archive at a time, each committed with the place where it ended.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { insertGeneratedKeys } from "../exposures/queries.ts";
import { advanceBackfill } from "./backfill-queries.ts";
import type { Backfill } from "./backfill-types.ts";
import type { ExportConfig, ExportErrorCode } from "./export-types.ts";
import type { ExportDeps } from "./export-window.ts";
import { type Padding, padContent } from "./pad-content.ts";
import { readPart } from "./read-part.ts";

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
  let current: Backfill | null = backfill;
  while (current !== null) current = await carryOutPart(deps, config, current, now);
}

/** null: it is complete. */
async function carryOutPart(
  deps: ExportDeps,
  config: ExportConfig,
  backfill: Backfill,
  now: UnixSeconds,
): Promise<Backfill | null> {
  const stretch = { start: backfill.from, end: backfill.thru };
  const openWindow = backfill.progress && { ...backfill.progress, end: stretch.end };
  const part = await deps.database.transaction((tx) => readPart(tx, { ...config, openWindow }, stretch));
  let padding: Padding | null = null;
  const supply = {
    supplier: `export:${config.name}`,
    region: config.region,
    ...stretch,
    primaries: part.primaries,
    revised: part.revised,
    pad: (remaining: { primaries: Padding["sources"]; revised: Padding["sources"] }) => {
      padding = padContent(remaining.primaries, remaining.revised, config, deps.random);
      return padding.generated;
    },
  };
  await deps.locations.append(config.location, supply, now, async (tx, { archive, remaining, padding: generated }) => {
    const counts = {
      archives: archive ? 1 : 0,
      primaries: remaining.primaries.length,
      revised: remaining.revised.length,
      leftOut: remaining.leftOut,
      generated: generated.length,
    };
    if (!(await advanceBackfill(tx, backfill, counts, part.next, now))) throw overtaken(config);
    if (padding && generated.length > 0)
      await insertGeneratedKeys(tx, padding.generated.bytes, padding.sources.bytes, stretch.end - 1);
  });
  return part.next && { ...backfill, progress: part.next };
}

function overtaken(config: ExportConfig): CodedError {
  return new CodedError<ExportErrorCode>(
    "export_overtaken",
    `another worker went on with a back-fill of "${config.name}", or its filter changed, meanwhile`,
  );
}
