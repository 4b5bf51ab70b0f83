// Interval arithmetic: ten-minute intervals, UTC days, truncation windows (KS 0.4).

import { DAY, type UnixSeconds } from "./clock.ts";

/** Seconds of one interval. */
export const INTERVAL = 600;
/** Intervals of one UTC day; the longest rolling period. */
export const INTERVALS_PER_DAY = 144;

/** The number of the interval that contains `at`. */
export function intervalNumber(at: UnixSeconds): number {
  return Math.trunc(at / INTERVAL);
}

/** The instant at which interval `interval` begins. */
export function intervalStart(interval: number): UnixSeconds {
  return interval * INTERVAL;
}

// Windows are counted from 0001-01-01, which matters only for lengths that do not divide a day (KS 0.4).
export const SECONDS_BEFORE_1970 = 62_135_596_800;

/** The latest multiple of `window` seconds that is not after `at`. */
export function truncateWindow(at: UnixSeconds, window: number): UnixSeconds {
  return Math.floor((at + SECONDS_BEFORE_1970) / window) * window - SECONDS_BEFORE_1970;
}

/** Whole UTC days from interval `from` to interval `to`; each side is floored to its day first. */
export function daysBetween(from: number, to: number): number {
  return Math.floor(intervalStart(to) / DAY) - Math.floor(intervalStart(from) / DAY);
}
