// DB I1: lines are only ever appended; the order of published lines never changes.

import type { UnixSeconds } from "../../core/clock.ts";
import { linesOf } from "../observe/lines-at.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { runsOf } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const appendOnly: Invariant = {
  id: "I1",
  rule: "New lines stand behind every line ever published; lines leave from the head only, and none comes back.",
  experience: "A phone that remembers the last line never fetches what was put above it, or fetches everything again.",
  check: (observed) => earliest(findMisplaced(observed)),
};

function* findMisplaced(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees) yield* misplacedLines(observed, tree);
}

function* misplacedLines(observed: Observed, tree: ObservedTree): Generator<Violation> {
  const runAt = runsOf(observed, tree);
  let run = -1;
  let order = newOrder();
  for (const state of tree.indexes) {
    if (runAt(state.at) !== run) order = newOrder();
    run = runAt(state.at);
    const fault = order.judge(linesOf(state));
    if (fault !== null) yield violation(tree, state.at, fault);
  }
}

interface Fault {
  readonly line: string;
  readonly what: string;
}

/** Ranks lines in the order in which they were published: every index must be a run of ranks without a gap. */
function newOrder() {
  const ranks = new Map<string, number>();
  const byRank: string[] = [];
  let head = 0;

  function rankOf(line: string): number {
    const known = ranks.get(line);
    if (known !== undefined) return known;
    ranks.set(line, byRank.length);
    return byRank.push(line) - 1;
  }

  function judge(lines: readonly string[]): Fault | null {
    const firstNew = byRank.length;
    // A doubled line is another invariant's.
    const listed = [...new Set(lines)].map(rankOf);
    const fault = wrongOrder(listed, firstNew) ?? cameBack(listed) ?? takenOut(listed);
    head = Math.max(head, listed[0] ?? 0);
    return fault;
  }

  function wrongOrder(listed: readonly number[], firstNew: number): Fault | null {
    const at = listed.findIndex((rank, position) => rank < (listed[position - 1] ?? 0));
    if (at < 0) return null;
    const [above = 0, below = 0] = listed.slice(at - 1, at + 1);
    return above >= firstNew
      ? { line: nameOf(above), what: `was inserted above ${nameOf(below)}` }
      : { line: nameOf(below), what: `stands behind ${nameOf(above)}, which was published after it` };
  }

  function cameBack([first = head]: readonly number[]): Fault | null {
    return first < head ? { line: nameOf(first), what: "came back after it had left the head" } : null;
  }

  function takenOut(listed: readonly number[]): Fault | null {
    const before = listed.find((rank, position) => (listed[position + 1] ?? rank + 1) > rank + 1);
    return before === undefined ? null : { line: nameOf(before + 1), what: "was taken out of the middle" };
  }

  function nameOf(rank: number): string {
    return byRank[rank] ?? "";
  }

  return { judge };
}

function violation({ name }: ObservedTree, at: UnixSeconds, { line, what }: Fault): Violation {
  return { at, where: name, witness: line, what: `The line ${line} ${what}.` };
}
