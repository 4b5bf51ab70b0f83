// The ledger of a world as its judges read it.

import type { UnixSeconds } from "../../core/clock.ts";
import type { KnownPersonKey } from "../observe/observed.ts";
import type { EnteredKey } from "../people/key-ledger.ts";

/** A disaster took away what this place was told in the meantime. */
export interface LostTime {
  readonly place: string;
  readonly from: UnixSeconds;
  readonly until: UnixSeconds;
}

export function knownKeys(entered: Iterable<EnteredKey>, lostTimes: readonly LostTime[]): KnownPersonKey[] {
  return [...entered].map(({ keyHex, at: place, enteredAt, releasedAt, states }) => {
    const isLost = (at: UnixSeconds) =>
      lostTimes.some((lost) => lost.place === place && lost.from <= at && at <= lost.until);
    return { keyHex, place, enteredAt, releasedAt, states, excused: states.some(({ at }) => isLost(at)) };
  });
}
