// DB I23: lines stay listed for the retention, which is longer than a roll-out of keys and the slowest phone.

import { isoTime } from "../../core/clock.ts";
import { dueAt } from "../observe/due-lines.ts";
import { followersAt } from "../observe/followed-trees.ts";
import { listedSpans } from "../observe/listed-spans.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { eventsOf, runsOf, switchedOffAt, treeNamed } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const retention: Invariant = {
  id: "I23",
  rule: "A line stays listed until its retention is over; the retention outlasts a key's roll-out and the slowest polling.",
  experience:
    "Files that a phone refused, or that it was too late for, expire before it can take them: delay becomes loss.",
  check: (observed) => earliest(findShort(observed)),
};

function* findShort(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees) yield* earlyExpiries(observed, tree);
  yield* longRollOuts(observed);
}

function* earlyExpiries(observed: Observed, tree: ObservedTree): Generator<Violation> {
  const runAt = runsOf(observed, tree);
  const offAt = switchedOffAt(observed, tree);
  for (const [line, spans] of listedSpans(tree)) {
    for (const { from, until } of spans) {
      if (until === null || until >= offAt || runAt(from) !== runAt(until)) continue;
      const due = dueAt(tree, line, observed.limits);
      if (until >= due) continue;
      const what = `The line ${line} left the index; its retention lasts until ${isoTime(due)}.`;
      yield { at: until, where: tree.name, witness: line, what };
    }
  }
}

function* longRollOuts(observed: Observed): Generator<Violation> {
  for (const { at, tree: name, until } of eventsOf(observed, "trust-rolled-out")) {
    const tree = treeNamed(observed, name);
    if (tree === undefined) continue;
    const slowest = Math.max(0, ...followersAt(observed, tree, at).map(({ pollSeconds }) => pollSeconds));
    const needed = until - at + slowest;
    if (tree.retentionSeconds >= needed) continue;
    const what = `The roll-out and the slowest phone take ${needed} s; lines are listed for ${tree.retentionSeconds} s.`;
    yield { at, where: name, witness: `${tree.retentionSeconds} s`, what };
  }
}
