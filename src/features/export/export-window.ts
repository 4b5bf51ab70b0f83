// Exporting one window of one configuration: an archive at a time, each committed with the place where it ended.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Random } from "../../core/random.ts";
import type { Database } from "../../platform/database/database.ts";
import { closeWindows, insertGeneratedKeys } from "../exposures/queries.ts";
import type { LocationsFeature } from "../locations/feature.ts";
import type { ExportConfig, ExportErrorCode } from "./export-types.ts";
import { type Padding, padContent } from "./pad-content.ts";
import { addToWindow, advanceConfig } from "./queries.ts";
import { readPart } from "./read-part.ts";

export interface ExportDeps {
  readonly database: Database;
  readonly locations: Pick<LocationsFeature, "append" | "publish">;
  readonly random: Random;
}

/**
 * Exports `[start, end)`, or the rest of it where an earlier run was interrupted. From its first step on no key can be
 * released into the window any more. Throws `export_overtaken` when another worker did the same work, and what the
 * location throws; both leave a state from which the next run goes on.
 */
export async function exportWindow(
  deps: ExportDeps,
  config: ExportConfig,
  window: { readonly start: UnixSeconds; readonly end: UnixSeconds },
  now: UnixSeconds,
): Promise<ExportConfig> {
  await deps.database.transaction((tx) => closeWindows(tx, window.end));
  let current = config;
  do {
    current = await exportPart(deps, current, window, now);
  } while (current.openWindow !== null);
  return current;
}

async function exportPart(
  deps: ExportDeps,
  config: ExportConfig,
  window: { readonly start: UnixSeconds; readonly end: UnixSeconds },
  now: UnixSeconds,
): Promise<ExportConfig> {
  const part = await deps.database.transaction((tx) => readPart(tx, config, window));
  let padding: Padding | null = null;
  const supply = {
    supplier: `export:${config.name}`,
    region: config.region,
    ...window,
    primaries: part.primaries,
    revised: part.revised,
    pad: (remaining: { primaries: Padding["sources"]; revised: Padding["sources"] }) => {
      padding = padContent(remaining.primaries, remaining.revised, config, deps.random);
      return padding.generated;
    },
  };
  await deps.locations.append(config.location, supply, now, async (tx, { archive, remaining, padding: generated }) => {
    if (!(await advanceConfig(tx, config, window, part.next))) throw overtaken(config);
    if (padding && generated.length > 0)
      await insertGeneratedKeys(tx, padding.generated.bytes, padding.sources.bytes, window.end - 1);
    const counts = {
      archives: archive ? 1 : 0,
      primaries: remaining.primaries.length,
      revised: remaining.revised.length,
      leftOut: remaining.leftOut,
      generated: generated.length,
    };
    await addToWindow(tx, config.id, window, counts, part.next ? null : now);
  });
  return { ...config, exportedUntil: part.next ? window.start : window.end, openWindow: part.next };
}

function overtaken(config: ExportConfig): CodedError {
  return new CodedError<ExportErrorCode>("export_overtaken", `another worker exported for "${config.name}" meanwhile`);
}
