// How far an export is behind.

import type { UnixSeconds } from "../../core/clock.ts";
import { truncateWindow } from "../../core/intervals.ts";
import { planWindows } from "../../core/plan-windows.ts";
import type { ExportConfig } from "./export-types.ts";
import type { RunSettings } from "./run-exports.ts";

/** For how many seconds the oldest window that is not exported yet could have been; 0 when none is due. */
export function lagSeconds(config: ExportConfig, settings: RunSettings, now: UnixSeconds): number {
  if (config.endedAt !== null) return 0;
  const due = config.openWindow ?? planWindows({ ...config, ...settings, now }).windows[0];
  return due === undefined ? 0 : Math.max(0, now - dueAt(due.end, settings));
}

/** The first instant at which a window that ends at `end` may be exported, as `planWindows` has it. */
function dueAt(end: UnixSeconds, { minWindowAgeSeconds, truncateWindowSeconds }: RunSettings): UnixSeconds {
  const truncated = truncateWindow(end, truncateWindowSeconds);
  return (truncated < end ? truncated + truncateWindowSeconds : truncated) + minWindowAgeSeconds;
}
