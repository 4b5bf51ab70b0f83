// Exporting one window of one configuration: an archive at a time, each committed with the place where it ended.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { closeWindows } from "../exposures/close-windows.ts";
import type { ExportConfig, ExportErrorCode } from "./export-types.ts";
import { type ClosedStretch, type ExportDeps, handOverPart, type Stretch } from "./hand-over-part.ts";
import { addToWindow, advanceConfig } from "./queries.ts";

/**
 * Exports `[start, end)`, or the rest of it where an earlier run was interrupted. From its first step on no key can be
 * released into the window any more. Throws `export_overtaken` when another worker did the same work, and what the
 * location throws; both leave a state from which the next run goes on.
 */
export async function exportWindow(
  deps: ExportDeps,
  config: ExportConfig,
  window: Stretch,
  now: UnixSeconds,
): Promise<ExportConfig> {
  const closed = { ...window, end: await closeWindows(deps.database, window.end, deps.pace) };
  let current = config;
  do {
    current = await exportPart(deps, current, closed, now);
  } while (current.openWindow !== null);
  return current;
}

async function exportPart(
  deps: ExportDeps,
  config: ExportConfig,
  window: ClosedStretch,
  now: UnixSeconds,
): Promise<ExportConfig> {
  const openWindow = await handOverPart(deps, config, window, now, async (tx, next, part) => {
    if (!(await advanceConfig(tx, config, window, next))) throw overtaken(config);
    await addToWindow(tx, config.id, window, part, next ? null : now);
  });
  return { ...config, exportedUntil: openWindow ? window.start : window.end, openWindow };
}

function overtaken(config: ExportConfig): CodedError {
  return new CodedError<ExportErrorCode>("export_overtaken", `another worker exported for "${config.name}" meanwhile`);
}
