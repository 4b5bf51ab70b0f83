// O8: no key is published before it may be (DB 3.1, 4.1: the server has to hold it back, phones do not).

import { isoTime } from "../../core/clock.ts";
import { appearancesOf } from "../observe/appearances.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { personKeysOf } from "../observe/person-keys.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const embargo: Invariant = {
  id: "O8",
  rule: "A key is published only when it is released: after the last interval in which its owner broadcasts it.",
  experience: "Somebody can broadcast identifiers of a person known to be infected, and make phones warn at will.",
  check: (observed) => earliest(findEarly(observed)),
};

function* findEarly(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees) yield* earlyKeys(observed, tree);
}

function* earlyKeys(observed: Observed, tree: ObservedTree): Generator<Violation> {
  const { clockErrorSeconds = 0 } = observed.limits;
  const keys = personKeysOf(observed);
  for (const [keyHex, [first]] of appearancesOf(tree)) {
    const releasedAt = keys.get(keyHex)?.releasedAt;
    const putAt = first?.listing.archive.putAt;
    if (releasedAt === undefined || putAt === undefined || putAt >= releasedAt - clockErrorSeconds) continue;
    const what = `The key was to be released at ${isoTime(releasedAt)}, and was published before.`;
    yield { at: putAt, where: tree.name, witness: keyHex, what };
  }
}
