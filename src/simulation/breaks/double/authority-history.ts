// What the nation's health authority publishes over time: an empty answer, one with a key left out, an id used again.

import { DAY, HOUR, type UnixSeconds } from "../../../core/clock.ts";
import type { AuthorityKey } from "./authority.ts";
import { STARTS_AT } from "./timeline.ts";

const FIRST: AuthorityKey = { kid: "1", material: "first" };
const SECOND: AuthorityKey = { kid: "2", material: "second" };
const THIRD: AuthorityKey = { kid: "1", material: "third" };

/** Of the other authorities, which never change theirs. */
export const STEADY_SIGNER: AuthorityKey = { kid: "1", material: "steady" };

export function publishedAt(now: UnixSeconds): AuthorityKey[] {
  const day = (now - STARTS_AT) / DAY;
  const isSlip = (on: number) => on <= day && day < on + HOUR / DAY;
  if (isSlip(1)) return [];
  if (day < 1.5) return [FIRST];
  if (isSlip(2.5)) return [SECOND];
  return day < 4 ? [FIRST, SECOND] : [THIRD, SECOND];
}

/** Who signs certificates at `now`; a new key only when servers have had time to see it. */
export function signerAt(now: UnixSeconds): AuthorityKey {
  const day = (now - STARTS_AT) / DAY;
  if (1.75 <= day && day < 2.25) return SECOND;
  if (3.9 <= day && day < 4.2) return SECOND;
  return day < 4 ? FIRST : THIRD;
}
