// The life of a server that is followed: planned, following, ending until all that it listed at its end is settled, ended.

import type { UnixSeconds } from "../../core/clock.ts";

export const LIVES = ["planned", "following", "ending", "ended"] as const;
export type Life = (typeof LIVES)[number];

export interface LifeFacts {
  readonly from: UnixSeconds;
  /** From this instant on it is ending; null: no end. */
  readonly until: UnixSeconds | null;
  /** The first good look at the listing at or after the end. */
  readonly finalLookAt: UnixSeconds | null;
  readonly endedAt: UnixSeconds | null;
}

export function lifeOf({ from, until, endedAt }: LifeFacts, now: UnixSeconds): Life {
  if (endedAt !== null) return "ended";
  if (until !== null && now >= until) return "ending";
  return now < from ? "planned" : "following";
}

/** Whether the listing is to be looked at: while it is followed, and after its end until one look was good. */
export function needsLook(facts: LifeFacts, now: UnixSeconds): boolean {
  const life = lifeOf(facts, now);
  return life === "following" || (life === "ending" && facts.finalLookAt === null);
}

/** Whether what is listed is to be taken: until it has ended. */
export function isTaking(facts: LifeFacts, now: UnixSeconds): boolean {
  const life = lifeOf(facts, now);
  return life === "following" || life === "ending";
}

/** Whether a good look at `lookedAt` is the last that is needed. */
export function isFinalLook({ until, endedAt }: LifeFacts, lookedAt: UnixSeconds): boolean {
  return endedAt === null && until !== null && lookedAt >= until;
}
