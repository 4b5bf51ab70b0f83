// DB I4: the index is replaced atomically, and is never empty or truncated.

import { consecutiveStates, linesOf } from "../observe/lines-at.ts";
import { archivesByLine } from "../observe/listings.ts";
import type { IndexState, Observed, ObservedTree } from "../observe/observed.ts";
import { runsOf, switchedOffAt } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const neverEmpty: Invariant = {
  id: "I4",
  rule: "An index is never empty, deleted, or cut short: each state is whole.",
  experience:
    "A phone that keeps the set of known names forgets all of them and fetches 14 days again; another's check dies.",
  check: (observed) => earliest(findCut(observed)),
};

function* findCut(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees) {
    yield* emptyStates(observed, tree);
    yield* cutLines(tree);
    yield* cutTails(observed, tree);
  }
}

function* emptyStates(observed: Observed, tree: ObservedTree): Generator<Violation> {
  const endsAt = switchedOffAt(observed, tree);
  for (const state of tree.indexes) {
    if (linesOf(state).length > 0 || (state.body === null && state.at >= endsAt)) continue;
    const what = state.body === null ? "The index was deleted." : "The index was published empty.";
    yield { at: state.at, where: tree.name, witness: tree.indexUrl, what };
  }
}

/** An index that ends within a line. */
function* cutLines(tree: ObservedTree): Generator<Violation> {
  for (const { at, ...state } of tree.indexes) {
    const cut = cutLineOf(tree, { at, ...state });
    if (cut !== null) yield { at, where: tree.name, witness: cut, what: `The index ends in the middle of ${cut}.` };
  }
}

/** The whole line of which the last is only the beginning. */
function cutLineOf(tree: ObservedTree, state: IndexState): string | null {
  const last = linesOf(state).at(-1);
  const lines = archivesByLine(tree);
  if (last === undefined || lines.has(last)) return null;
  return [...lines.keys()].find((line) => line.startsWith(last)) ?? null;
}

/** An index without the newest lines of the one before, that adds nothing: lines that were there a moment ago. */
function* cutTails(observed: Observed, tree: ObservedTree): Generator<Violation> {
  const runAt = runsOf(observed, tree);
  for (const { before, after } of consecutiveStates(tree)) {
    if (runAt(before.at) !== runAt(after.at)) continue;
    const kept = new Set(linesOf(after));
    const old = linesOf(before);
    const newest = old.at(-1);
    if (newest === undefined || kept.has(newest)) continue;
    const isPart = new Set(old).isSupersetOf(kept);
    if (!isPart) continue;
    const lost = old[old.findLastIndex((line) => kept.has(line)) + 1] ?? newest;
    yield {
      at: after.at,
      where: tree.name,
      witness: lost,
      what: `The index ends above ${lost}, which it listed before.`,
    };
  }
}
