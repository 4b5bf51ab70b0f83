// DB I14: one index carries one seal at any moment.

import { phoneTrees } from "../observe/followed-trees.ts";
import { isReadByAll, sealTimeline } from "../observe/mixed-seals.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const oneSeal: Invariant = {
  id: "I14",
  rule: "All archives that an index lists at one moment carry the same seal, unless every phone that reads it trusts each.",
  experience:
    "A phone with one key has files of both pending, refuses them all, and stays blind until the old ones expire.",
  check: (observed) => earliest(findMixed(observed)),
};

function* findMixed(observed: Observed): Generator<Violation> {
  for (const tree of phoneTrees(observed)) yield* mixedIndexes(observed, tree);
}

function* mixedIndexes(observed: Observed, tree: ObservedTree): Generator<Violation> {
  for (const { at, seals } of sealTimeline(tree)) {
    if (seals.size < 2 || isReadByAll(observed, tree, seals, at)) continue;
    const witness = [...seals.values()].at(-1) ?? "";
    yield { at, where: tree.name, witness, what: `The index mixes the seals ${[...seals.keys()].join(", ")}.` };
  }
}
