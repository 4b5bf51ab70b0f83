// How many provide calls and files the operating system takes from an app in any 24 hours (DB 5).

import { DAY, type UnixSeconds } from "../core/clock.ts";

export interface ProvideQuota {
  /** null: any number. */
  readonly callsPerDay: number | null;
  /** The app knows this limit and hands over no more. Only for apps that remember what they handed over. */
  readonly filesPerDay: number | null;
  readonly countsRefusedCalls: boolean;
}

/** Window mode, since version 1.8 of the system: a failing call is not counted. */
export const ANDROID_WINDOW_QUOTA: ProvideQuota = { callsPerDay: 6, filesPerDay: null, countsRefusedCalls: false };
/** Legacy token mode; before 1.8, so that failing calls are assumed to count (DB 8). */
export const ANDROID_TOKEN_QUOTA: ProvideQuota = { callsPerDay: 20, filesPerDay: null, countsRefusedCalls: true };
// Whether refused calls count on iOS is unknown; the careful assumption is that they do (DB 8).
export const IOS_13_5_QUOTA: ProvideQuota = { callsPerDay: null, filesPerDay: 15, countsRefusedCalls: true };
export const IOS_13_6_QUOTA: ProvideQuota = { callsPerDay: 15, filesPerDay: null, countsRefusedCalls: true };
/** API version 2: iOS 13.7 and 12.5. */
export const IOS_VERSION_2_QUOTA: ProvideQuota = { callsPerDay: 6, filesPerDay: null, countsRefusedCalls: true };

/** What a phone that has no quota is held to. */
export const NO_QUOTA: ProvideQuota = { callsPerDay: null, filesPerDay: null, countsRefusedCalls: false };

/** How many more of those that were made at `made` are allowed at `now`; Infinity where the quota is null. */
export function leftOf(perDay: number | null, made: readonly UnixSeconds[], now: UnixSeconds): number {
  return perDay === null ? Infinity : Math.max(0, perDay - recentAt(made, now).length);
}

/** Those that still count at `now` by the phone's clock. After the clock was set back, what lies ahead does not count. */
export function recentAt(made: readonly UnixSeconds[], now: UnixSeconds): UnixSeconds[] {
  return made.filter((at) => at > now - DAY && at <= now);
}
