// The life of whatever has a beginning and an end: planned, following, ending until all that it owes at its end is done, ended.

import type { UnixSeconds } from "./clock.ts";

export const LIVES = ["planned", "following", "ending", "ended"] as const;
export type Life = (typeof LIVES)[number];

export interface LifeTimes {
  readonly from: UnixSeconds;
  /** From this instant on it is ending; null: no end. */
  readonly until: UnixSeconds | null;
  readonly endedAt: UnixSeconds | null;
}

export function lifeOf({ from, until, endedAt }: LifeTimes, now: UnixSeconds): Life {
  if (endedAt !== null) return "ended";
  if (until !== null && now >= until) return "ending";
  return now < from ? "planned" : "following";
}
