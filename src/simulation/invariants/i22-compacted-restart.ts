// DB I22: where phones have to begin anew, the back-log is compacted.

import { linesOf, stateAt } from "../observe/lines-at.ts";
import type { Observed } from "../observe/observed.ts";
import { eventsOf, treeNamed } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const compactedRestart: Invariant = {
  id: "I22",
  rule: "An index at whose first line phones are forced to begin lists 15 archives at most.",
  experience: "Phones with a limit of files need days to catch up, and new installations see only the last few.",
  check: (observed) => earliest(findLongRestarts(observed)),
};

const MOST_ARCHIVES = 15;

function* findLongRestarts(observed: Observed): Generator<Violation> {
  for (const { at, tree: name } of eventsOf(observed, "restart-forced")) {
    const tree = treeNamed(observed, name);
    const state = tree === undefined ? null : (stateAt(tree, at) ?? tree.indexes[0]);
    const lines = state === null || state === undefined ? [] : linesOf(state);
    const tooMany = lines[MOST_ARCHIVES];
    if (tooMany === undefined) continue;
    yield { at, where: name, witness: tooMany, what: `Phones begin anew at an index of ${lines.length} archives.` };
  }
}
