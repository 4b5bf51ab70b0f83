// The follower inside iOS, for regions without an app of their own: Exposure Notifications Express (DB 1.1, 8).

import type { Follower } from "./follower.ts";
import { byIndexAndUrl, createSetFollower, type SetMemory } from "./set-of-names.ts";

/**
 * On enabling it takes everything listed; the index is expected to list the last 14 days, which is the server's duty.
 * What it remembers is not public: the assumption is a set that any change of an address empties (DB 8).
 */
export const expressFollower: Follower<SetMemory> = {
  ...createSetFollower({
    commit: "after_accepted",
    partialDownload: "all_or_nothing",
    identify: byIndexAndUrl,
  }),
  kind: "express",
};
