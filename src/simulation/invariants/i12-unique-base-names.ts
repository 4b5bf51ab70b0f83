// DB I12: base names are unique in an index over all folders.

import { phoneTrees } from "../observe/followed-trees.ts";
import { listedSpans } from "../observe/listed-spans.ts";
import { baseNameOf } from "../observe/name-window.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const uniqueBaseNames: Invariant = {
  id: "I12",
  rule: "No two lines of an index, then or later, have the same base name, whatever their folders.",
  experience: "iOS pairs the files of two archives wrongly and refuses the call; a mirror takes one for the other.",
  check: (observed) => earliest(findClashes(observed)),
};

function* findClashes(observed: Observed): Generator<Violation> {
  for (const tree of phoneTrees(observed)) yield* clashes(tree);
}

function* clashes(tree: ObservedTree): Generator<Violation> {
  const lines = new Map<string, string>();
  for (const [line, [first]] of listedSpans(tree)) {
    const baseName = baseNameOf(line);
    const before = lines.get(baseName);
    lines.set(baseName, before ?? line);
    if (before === undefined || first === undefined) continue;
    yield { at: first.from, where: tree.name, witness: line, what: `${before} and ${line} have the same base name.` };
  }
}
