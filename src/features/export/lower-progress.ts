// How far an export has come by the right time, where a clock that was ahead has let it come further.

import type { UnixSeconds } from "../../core/clock.ts";
import { truncateWindow } from "../../core/intervals.ts";
import { lastClosedInstant } from "../../core/plan-windows.ts";
import { aheadOf } from "../../platform/time/ahead-tables.ts";
import type { ExportConfig, RunSettings } from "./export-types.ts";
import { lastEnd } from "./settle-end.ts";

export type ExportProgress = Pick<ExportConfig, "exportedUntil" | "openWindow" | "endedAt">;

/**
 * Back to the last boundary of a window that is over; what was read of later windows is read again, and the location
 * leaves out what it has published. An export that ended before its time goes on. null: nothing lies ahead.
 */
export function lowerProgress(config: ExportConfig, settings: RunSettings, now: UnixSeconds): ExportProgress | null {
  const { exportedUntil, openWindow, endedAt, periodSeconds } = config;
  const end = lastEnd(config);
  const ahead = aheadOf(now);
  const closed = lastClosedInstant({ now, ...settings });
  const boundary = truncateWindow(closed, periodSeconds);
  const isOpenAhead = openWindow !== null && openWindow.end > ahead;
  const isEndedAhead = endedAt !== null && endedAt > ahead;
  if (!isOpenAhead && !isEndedAhead && (exportedUntil === null || exportedUntil <= ahead)) return null;
  const isOver = isEndedAhead && end !== null && end <= closed;
  return {
    exportedUntil: exportedUntil !== null && exportedUntil > ahead ? boundary : exportedUntil,
    openWindow: isOpenAhead ? null : openWindow,
    endedAt: isEndedAhead ? (isOver ? now : null) : endedAt,
  };
}
