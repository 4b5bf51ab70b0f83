// DB I17: at every moment the listed archives contain each key that the tree carries and that has not expired.

import { isoTime } from "../../core/clock.ts";
import { firstGap } from "../observe/key-coverage.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { carriedKeys, isRevokedBy, neededUntil } from "../observe/person-keys.ts";
import { switchedOffAt } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const coverage: Invariant = {
  id: "I17",
  rule: "An index lists every key of the places that it carries, from soon after its release until its retention is over.",
  experience: "Somebody met an infected person, and the phone is never told.",
  check: (observed) => earliest(findUncovered(observed)),
};

function* findUncovered(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees) yield* uncovered(observed, tree);
}

function* uncovered(observed: Observed, tree: ObservedTree): Generator<Violation> {
  const { listedWithinSeconds, clockErrorSeconds = 0 } = observed.limits;
  const endsAt = Math.min(observed.endsAt, switchedOffAt(observed, tree));
  for (const { key, opensAt } of carriedKeys(observed, tree.carries)) {
    const from = opensAt + listedWithinSeconds;
    const until = Math.min(neededUntil(key, tree) - clockErrorSeconds, endsAt);
    const gap = isRevokedBy(key, from) ? null : firstGap(tree, key.keyHex, from, until);
    if (gap === null) continue;
    const what = `A key of ${key.place}, to be published since ${isoTime(opensAt)}, is not listed.`;
    yield { at: gap, where: tree.name, witness: key.keyHex, what };
  }
}
