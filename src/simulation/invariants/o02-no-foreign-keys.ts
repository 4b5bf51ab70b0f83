// O2: every listed key was entered or made up, and in a place that the tree carries (KS 13.3 E1).

import { appearancesOf } from "../observe/appearances.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { personKeysOf } from "../observe/person-keys.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const noForeignKeys: Invariant = {
  id: "O2",
  rule: "An index lists no key that nobody entered, and none of a place that it does not carry.",
  experience: "Keys are published where their owners never agreed to, or phones warn of encounters with nobody.",
  check: (observed) => earliest(findForeign(observed)),
};

function* findForeign(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees) yield* foreignKeys(observed, tree);
}

function* foreignKeys(observed: Observed, tree: ObservedTree): Generator<Violation> {
  const keys = personKeysOf(observed);
  const places = new Set(tree.carries.map(({ place }) => place));
  for (const [keyHex, [first]] of appearancesOf(tree)) {
    const place = keys.get(keyHex)?.place;
    const isKnown = place === undefined ? observed.generated.has(keyHex) : places.has(place);
    if (isKnown || first === undefined) continue;
    const what = place === undefined ? "Nobody entered this key." : `The tree does not carry the keys of ${place}.`;
    yield { at: first.listing.from, where: tree.name, witness: keyHex, what };
  }
}
