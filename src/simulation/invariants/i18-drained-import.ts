// DB I18: the import is drained before the content is switched, or what is not stays listed.

import { isoTime } from "../../core/clock.ts";
import { appearancesOf } from "../observe/appearances.ts";
import { firstGap, isKeyListedAt } from "../observe/key-coverage.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { isRevokedBy, neededUntil, personKeysOf } from "../observe/person-keys.ts";
import { type EventOf, eventsOf, switchedOffAt, treeNamed } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const drainedImport: Invariant = {
  id: "I18",
  rule: "A key that a tree listed when its content was switched is in the new source by then, or its line stays listed.",
  experience: "A key that the state published in the last hours before the switch is delayed or lost.",
  check: (observed) => earliest(findUndrained(observed)),
};

function* findUndrained(observed: Observed): Generator<Violation> {
  for (const event of eventsOf(observed, "content-switched")) {
    const tree = treeNamed(observed, event.tree);
    const source = treeNamed(observed, event.source);
    if (tree !== undefined && source !== undefined) yield* undrained(observed, tree, source, event);
  }
}

function* undrained(
  observed: Observed,
  tree: ObservedTree,
  source: ObservedTree,
  { at: switchedAt }: EventOf<"content-switched">,
): Generator<Violation> {
  const keys = personKeysOf(observed);
  const endsAt = Math.min(observed.endsAt, switchedOffAt(observed, tree));
  for (const keyHex of appearancesOf(tree).keys()) {
    const key = keys.get(keyHex);
    if (key === undefined || key.excused || isRevokedBy(key, switchedAt)) continue;
    // Until the second before: at that of the switch the old lines may be gone already.
    if (!isKeyListedAt(tree, keyHex, switchedAt - 1) || isKeyListedAt(source, keyHex, switchedAt)) continue;
    const until = Math.min(neededUntil(key, tree) - (observed.limits.clockErrorSeconds ?? 0), endsAt);
    const gap = firstGap(tree, keyHex, switchedAt, until);
    if (gap === null) continue;
    const what = `The key was not in ${source.name} when the content was switched at ${isoTime(switchedAt)}, and its line is gone.`;
    yield { at: gap, where: tree.name, witness: keyHex, what };
  }
}
