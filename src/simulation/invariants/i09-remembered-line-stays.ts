// DB I9: the line that phones remember remains listed, with the new lines behind it.

import { isoTime } from "../../core/clock.ts";
import { dueAt } from "../observe/due-lines.ts";
import { consecutiveStates, linesOf } from "../observe/lines-at.ts";
import type { Observed } from "../observe/observed.ts";
import { runsOf } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const rememberedLineStays: Invariant = {
  id: "I9",
  rule: "The newest line of an index stands in the next one too, unless its retention is over.",
  experience: "Every phone that was up to date begins again at the first line and counts everything twice.",
  check: (observed) => earliest(findForgotten(observed)),
};

function* findForgotten(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees) {
    const runAt = runsOf(observed, tree);
    for (const { before, after } of consecutiveStates(tree)) {
      const newest = linesOf(before).at(-1);
      if (newest === undefined || linesOf(after).includes(newest)) continue;
      if (runAt(before.at) !== runAt(after.at) || dueAt(tree, newest, observed.limits) <= after.at) continue;
      const what = `The newest line since ${isoTime(before.at)} is not listed any more.`;
      yield { at: after.at, where: tree.name, witness: newest, what };
    }
  }
}
