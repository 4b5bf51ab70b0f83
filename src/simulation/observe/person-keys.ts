// The keys that people entered, and when they count for a tree.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Carried, KnownPersonKey, Observed, ObservedTree } from "./observed.ts";

const keysByWorld = new WeakMap<Observed, ReadonlyMap<string, KnownPersonKey>>();

/** Key in hex -> what is known of it. Worked out once. */
export function personKeysOf(observed: Observed): ReadonlyMap<string, KnownPersonKey> {
  const known = keysByWorld.get(observed);
  if (known !== undefined) return known;
  const keys = new Map(observed.keys.map((key) => [key.keyHex, key]));
  keysByWorld.set(observed, keys);
  return keys;
}

/** From when on a server had it and might publish it. */
export function publishableAt({ enteredAt, releasedAt }: KnownPersonKey): UnixSeconds {
  return Math.max(enteredAt, releasedAt);
}

/** The keys of `carried` that may not get lost, each with the time from which its way is open. */
export function* carriedKeys(
  { keys }: Pick<Observed, "keys">,
  carried: readonly Carried[],
): Generator<{ readonly key: KnownPersonKey; readonly opensAt: UnixSeconds }> {
  const fromByPlace = new Map(carried.map(({ place, from }) => [place, from]));
  for (const key of keys) {
    const from = key.excused ? undefined : fromByPlace.get(key.place);
    if (from !== undefined) yield { key, opensAt: Math.max(from, publishableAt(key)) };
  }
}

/** Until when the key has to be listed at a tree that carries it: a line that it came with was not older than itself. */
export function neededUntil(key: KnownPersonKey, tree: Pick<ObservedTree, "retentionSeconds">): UnixSeconds {
  return publishableAt(key) + tree.retentionSeconds;
}

/** A key that was revoked by then need not appear at all. */
export function isRevokedBy({ states }: KnownPersonKey, at: UnixSeconds): boolean {
  return states.some((state) => state.revoked && state.at <= at);
}
