// How many provide calls the operating system allows an app (DB 5).

import { DAY, type UnixSeconds } from "../core/clock.ts";

export interface ProvideQuota {
  /** In any 24 hours. */
  readonly callsPerDay: number;
  readonly countsRefusedCalls: boolean;
}

/** Window mode, since version 1.8 of the system: a failing call is not counted. */
export const ANDROID_WINDOW_QUOTA: ProvideQuota = { callsPerDay: 6, countsRefusedCalls: false };
/** API version 2; whether refused calls count is unknown, the careful assumption is that they do (DB 8). */
export const IOS_VERSION_2_QUOTA: ProvideQuota = { callsPerDay: 6, countsRefusedCalls: true };

/** Those of the calls made at `calls` that still count at `now`. */
export function recentCalls(calls: readonly UnixSeconds[], now: UnixSeconds): UnixSeconds[] {
  return calls.filter((at) => at > now - DAY);
}
