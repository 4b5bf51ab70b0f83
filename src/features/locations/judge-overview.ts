// What an operator wants to know of a location: whether it may be written to, and when its index changes next.

import type { UnixSeconds } from "../../core/clock.ts";
import type { LocationErrorCode } from "./location-types.ts";
import type { LocationOverview } from "./overview-types.ts";

/** `unchecked`: nothing was published yet, so nobody has looked at what stands there. */
export const FENCE_STATES = ["intact", "unchecked", "not_adopted", "broken"] as const;
export type FenceState = (typeof FENCE_STATES)[number];

/** Of an index that was ours: another program has written it, or added archives that are under no seal of ours. */
const BREAKS: ReadonlySet<string> = new Set<LocationErrorCode>(["location_fence_broken", "location_adoption_failed"]);

/** Whether what is published and what our records say agree, as of the last attempt to publish. */
export function fenceOf({ indexCheckedAt, lastFailure }: LocationOverview): FenceState {
  if (lastFailure !== null && BREAKS.has(lastFailure.code)) return "broken";
  if (lastFailure?.code === "location_not_adopted") return "not_adopted";
  return indexCheckedAt === null ? "unchecked" : "intact";
}

/** From when on the published index has to change: now for archives that are not in it yet, later for lines that expire. */
export function nextIndexDueAt({ lastArchive, indexCheckedAt, headExpiresAt }: LocationOverview): UnixSeconds | null {
  if (lastArchive !== null && (indexCheckedAt === null || lastArchive.appendedAt > indexCheckedAt)) {
    return lastArchive.appendedAt;
  }
  return headExpiresAt;
}
