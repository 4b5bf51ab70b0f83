// How long a server that is followed is looked at, and taken from.

import type { UnixSeconds } from "../../core/clock.ts";
import { type LifeTimes, lifeOf } from "../../core/life.ts";

export interface LifeFacts extends LifeTimes {
  /** The first good look at the listing at or after the end. */
  readonly finalLookAt: UnixSeconds | null;
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
