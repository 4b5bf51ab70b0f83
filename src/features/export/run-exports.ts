// Everything that is due in some export configurations, strictly in window order for each.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { lastClosedInstant, planWindows, type WindowInput, type WindowPlan } from "../../core/plan-windows.ts";
import type { Report } from "../../platform/observe/report.ts";
import { closeWindows } from "../exposures/close-windows.ts";
import { readFirstInstant } from "../exposures/page-queries.ts";
import type { ExportConfig, ExportErrorCode, RunSettings } from "./export-types.ts";
import { exportWindow } from "./export-window.ts";
import type { ExportDeps } from "./hand-over-part.ts";
import { clearFailure } from "./overview-queries.ts";
import { readConfigById } from "./queries.ts";
import { reportFailure } from "./report-failure.ts";
import { lastEnd, settleEnd } from "./settle-end.ts";
import { waitsForNarrower } from "./wait-for-narrower.ts";

/** Exports due windows and publishes, in this order; one configuration's failure is reported and stops no other for long. */
export async function runExports(
  deps: ExportDeps & { readonly report: Report },
  settings: RunSettings,
  configs: readonly ExportConfig[],
  now: UnixSeconds,
): Promise<void> {
  const { db } = deps.database;
  const behind: ExportConfig[] = [];
  for (const config of configs) {
    try {
      const { current, isBehind } = await runExport(deps, settings, config, behind, now);
      if (isBehind) behind.push(current);
      await clearFailure(db, config.id);
    } catch (error) {
      // As it stands now: for what it exported before it failed nobody waits.
      behind.push((await readConfigById(db, config.id).catch(() => undefined)) ?? config);
      await reportFailure(deps, config, error, now);
    }
  }
}

async function runExport(
  deps: ExportDeps & { readonly report: Report },
  settings: RunSettings,
  config: ExportConfig,
  behind: readonly ExportConfig[],
  now: UnixSeconds,
): Promise<{ current: ExportConfig; isBehind: boolean }> {
  if (config.exportedUntil !== null && config.exportedUntil > now) {
    throw new CodedError<ExportErrorCode>(
      "export_clock_behind",
      `"${config.name}" has exported up to ${isoTime(config.exportedUntil)}, which is still to come`,
      {
        remedy: "Some process ran with a clock that was ahead. Set the clocks right; within a minute it is put back.",
      },
    );
  }
  // A window that an earlier run began is finished as it was begun, whatever became of the settings.
  const begun =
    config.openWindow && config.exportedUntil !== null
      ? await exportWindow(deps, config, { start: config.exportedUntil, end: config.openWindow.end }, now)
      : config;
  let current = begun;
  let plan = await planDue(deps, { ...current, thru: lastEnd(current), ...settings, now });
  for (let count = 0; count < MOST_WINDOWS && plan.windows[0] !== undefined; count++) {
    const [window] = plan.windows;
    if (waitsForNarrower(current, window, behind, now, settings)) {
      deps.report({ event: "export.waits", config: config.name, start: window.start, end: window.end });
      break;
    }
    current = await exportWindow(deps, current, window, now);
    deps.report({ event: "export.window-exported", config: config.name, start: window.start, end: window.end });
    plan = await planDue(deps, { ...current, thru: lastEnd(current), ...settings, now });
  }
  if (current !== config) await deps.locations.publish(config.location, now);
  if (plan.ended && plan.windows.length === 0) await settleEnd(deps, current, settings, now);
  return { current, isBehind: plan.windows.length > 0 };
}

/** In one run; then it is the turn of the next export. */
const MOST_WINDOWS = 1_000;

/** So many windows that are due are exported one by one, whatever is in them. */
const FEW_WINDOWS = 100;

/**
 * What is due. After a long outage, or in an export that begins long ago, the windows in which nothing happened are
 * left out: one by one they would keep all exports waiting.
 */
async function planDue(
  { database, pace }: Pick<ExportDeps, "database" | "pace">,
  input: WindowInput,
): Promise<WindowPlan> {
  const plan = planWindows(input);
  const [first] = plan.windows;
  if (first === undefined || plan.windows.length <= FEW_WINDOWS) return plan;
  // First, so that nobody releases a key into what is left out.
  const closedUntil = await closeWindows(database, lastClosedInstant(input), pace);
  const next = await readFirstInstant(database.db, first.start);
  return planWindows({ ...input, quietUntil: next ?? closedUntil });
}
