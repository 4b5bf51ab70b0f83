// Symptom onset of an upload: which statement to believe, and how many days each key lies from it (KS 3.7).

import { DAY, type UnixSeconds } from "./clock.ts";
import { MAX_DAYS_SINCE_ONSET } from "./exposure-key.ts";
import { daysBetween, intervalNumber, truncateWindow } from "./intervals.ts";

export interface OnsetOptions {
  /** An onset further back is not believed. */
  readonly maxReportDays: number;
  /** The onset assumed when nobody states a believable one. */
  readonly defaultDaysAgo: number;
}

/** Settings of KS 3.7. */
export const DEFAULT_ONSET_OPTIONS: OnsetOptions = { maxReportDays: 28, defaultDaysAgo: 4 };

export interface ChosenOnset {
  /** Interval number. */
  readonly interval: number;
  /** `assumed`: an upload without onset, counted as such in the statistics. */
  readonly source: "request" | "certificate" | "assumed";
}

/**
 * The onset of an upload received at `now`. Takes interval numbers as stated, null where nothing was; the request goes
 * before the certificate. Believed is what lies before the current interval and at most `maxReportDays` UTC days back.
 */
export function chooseOnset(
  stated: { readonly request: number | null; readonly certificate: number | null },
  now: UnixSeconds,
  options: OnsetOptions = DEFAULT_ONSET_OPTIONS,
): ChosenOnset {
  const earliest = intervalNumber(truncateWindow(now - options.maxReportDays * DAY, DAY));
  for (const source of ["request", "certificate"] as const) {
    const interval = stated[source];
    if (interval !== null && interval >= earliest && interval < intervalNumber(now)) return { interval, source };
  }
  return { interval: intervalNumber(now - options.defaultDaysAgo * DAY), source: "assumed" };
}

/**
 * Whole UTC days from the onset to the key's start, or `onset_range` when no device would take that many. The reference
 * drops such a key with no more than a warning (KS 13.1 P14); here it is refused like any other.
 */
export function daysSinceOnset(onsetInterval: number, rollingStart: number): number | "onset_range" {
  const days = daysBetween(onsetInterval, rollingStart);
  return Math.abs(days) > MAX_DAYS_SINCE_ONSET ? "onset_range" : days;
}
