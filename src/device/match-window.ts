// Which keys a phone can have a sighting of, by its own clock (DB 4.1, 4.2).

import { DAY, type UnixSeconds } from "../core/clock.ts";
import { intervalStart } from "../core/intervals.ts";
import type { KeyBatch } from "../core/key-batch.ts";

const WINDOW = 14 * DAY;
/** Twelve intervals of clock tolerance on each side. */
const TOLERANCE_INTERVALS = 12;

/** How many of the keys were in use only before the last 14 days, or will only be after `now`. */
export function countOutsideWindow(keys: KeyBatch, now: UnixSeconds): number {
  let outside = 0;
  for (let index = 0; index < keys.length; index++) {
    const start = keys.rollingStart(index);
    const end = start + keys.rollingPeriod(index);
    const isOver = intervalStart(end + TOLERANCE_INTERVALS) < now - WINDOW;
    const isAhead = intervalStart(start - TOLERANCE_INTERVALS) > now;
    if (isOver || isAhead) outside++;
  }
  return outside;
}
