// How long a key is on its way at most: from the moment at which it may be published until the slowest phone has it.

import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import { truncateWindow } from "../../core/intervals.ts";
import { dueAt } from "../../core/plan-windows.ts";

/** The most that every kind of phone takes in (DB 5). */
export const EXPORT_PERIOD_SECONDS = 4 * HOUR;
/** How often the servers look for work. Shorter would only find nothing more often. */
export const JOB_RHYTHM_SECONDS = 2 * HOUR;
/** As the servers have them by default. */
export const TRUNCATE_WINDOW_SECONDS = HOUR;
const MIN_WINDOW_AGE_SECONDS = 2 * HOUR;

/** A key is late when it needs longer than this from the moment at which it may be published. */
export const LATEST_ARRIVAL_SECONDS = DAY;

/** By then an export has listed a key that may be published from `releasedAt` on. */
export function exportedBy(releasedAt: UnixSeconds): UnixSeconds {
  const windowEnd = truncateWindow(releasedAt, EXPORT_PERIOD_SECONDS) + EXPORT_PERIOD_SECONDS;
  const due = dueAt(windowEnd, {
    minWindowAgeSeconds: MIN_WINDOW_AGE_SECONDS,
    truncateWindowSeconds: TRUNCATE_WINDOW_SECONDS,
  });
  return due + JOB_RHYTHM_SECONDS;
}

/** By then a mirror has listed it at its own location as well. */
export function mirroredBy(releasedAt: UnixSeconds): UnixSeconds {
  return exportedBy(releasedAt) + JOB_RHYTHM_SECONDS;
}

/**
 * When a run may end whose last key may be published from `lastReleasedAt` on: every phone has had its chance to see it,
 * one missed check forgiven, and a key that comes late is told from one that never comes.
 */
export function endOfRun(lastReleasedAt: UnixSeconds, slowestPollSeconds: number): UnixSeconds {
  const seenBy = mirroredBy(lastReleasedAt) + slowestPollSeconds;
  return Math.max(seenBy, lastReleasedAt + LATEST_ARRIVAL_SECONDS) + slowestPollSeconds;
}
