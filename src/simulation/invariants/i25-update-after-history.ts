// DB I25: an app that moves to another index is shipped only after that serves the whole history under a trusted seal.

import { appearancesOf } from "../observe/appearances.ts";
import { isKeyListedAt } from "../observe/key-coverage.ts";
import { sealsAt } from "../observe/mixed-seals.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { isRevokedBy, neededUntil, personKeysOf, publishableAt } from "../observe/person-keys.ts";
import { acceptsSeal } from "../observe/seals.ts";
import { type EventOf, eventsOf, treeNamed } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const updateAfterHistory: Invariant = {
  id: "I25",
  rule: "When an update sends a phone to another index, that lists what the old one lists, under a seal that the phone trusts.",
  experience: "The update moves the phone to an index that it has to refuse, or that lacks the keys of the last days.",
  check: (observed) => earliest(findEarlyUpdates(observed)),
};

function* findEarlyUpdates(observed: Observed): Generator<Violation> {
  for (const event of eventsOf(observed, "app-updated")) {
    const from = treeNamed(observed, event.from);
    const to = treeNamed(observed, event.to);
    if (to === undefined) continue;
    yield* foreignSeals(observed, to, event);
    if (from !== undefined) yield* missingKeys(observed, from, to, event);
  }
}

function* foreignSeals(
  observed: Observed,
  to: ObservedTree,
  { at, phone: name }: EventOf<"app-updated">,
): Generator<Violation> {
  const phone = observed.phones.find((each) => each.name === name);
  for (const [seal, line] of phone === undefined ? [] : sealsAt(to, at)) {
    if (phone === undefined || acceptsSeal(phone, seal, at)) continue;
    yield { at, where: name, witness: line, what: `The phone does not trust ${seal}, the seal of ${to.name}.` };
  }
}

/** A key that was published only just now may still be on its way. */
function* missingKeys(
  observed: Observed,
  from: ObservedTree,
  to: ObservedTree,
  { at, phone }: EventOf<"app-updated">,
): Generator<Violation> {
  const keys = personKeysOf(observed);
  for (const keyHex of appearancesOf(from).keys()) {
    const key = keys.get(keyHex);
    if (key === undefined || key.excused || isRevokedBy(key, at)) continue;
    const isUnderWay = publishableAt(key) + observed.limits.listedWithinSeconds > at;
    const isDue = neededUntil(key, from) > at + (observed.limits.clockErrorSeconds ?? 0);
    if (isUnderWay || !isDue || !isKeyListedAt(from, keyHex, at) || isKeyListedAt(to, keyHex, at)) continue;
    yield { at, where: phone, witness: keyHex, what: `The key is listed in ${from.name}, and not in ${to.name}.` };
  }
}
