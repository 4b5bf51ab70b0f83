// How far an export is behind.

import type { UnixSeconds } from "../../core/clock.ts";
import { dueAt, planWindows } from "../../core/plan-windows.ts";
import type { ExportConfig, RunSettings } from "./export-types.ts";
import { lastEnd } from "./settle-end.ts";

/** For how many seconds the oldest window that is not exported yet could have been; 0 when none is due. */
export function lagSeconds(config: ExportConfig, settings: RunSettings, now: UnixSeconds): number {
  if (config.endedAt !== null) return 0;
  const due = config.openWindow ?? planWindows({ ...config, thru: lastEnd(config), ...settings, now }).windows[0];
  return due === undefined ? 0 : Math.max(0, now - dueAt(due.end, settings));
}
