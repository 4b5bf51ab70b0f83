// What an index said at a time: its lines, read as leniently as any phone reads them.

import type { UnixSeconds } from "../../core/clock.ts";
import type { IndexState, ObservedTree } from "./observed.ts";

const NO_LINES: readonly string[] = [];
const linesByState = new WeakMap<IndexState, readonly string[]>();

/** The lines in their order, without white space around them and without blank ones; none where it was deleted. */
export function linesOf(state: IndexState): readonly string[] {
  const known = linesByState.get(state);
  if (known !== undefined) return known;
  const lines = state.body === null ? NO_LINES : parseLines(state.body);
  linesByState.set(state, lines);
  return lines;
}

function parseLines(body: Uint8Array): string[] {
  return Buffer.from(body.buffer, body.byteOffset, body.length)
    .toString("latin1")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** The state that was in force at the end of the second `at`; null before the first. */
export function stateAt(tree: Pick<ObservedTree, "indexes">, at: UnixSeconds): IndexState | null {
  return tree.indexes.findLast((state) => state.at <= at) ?? null;
}

/** Each pair of states that follow one another; empty and deleted ones are passed over. */
export function* consecutiveStates(
  tree: Pick<ObservedTree, "indexes">,
): Generator<{ readonly before: IndexState; readonly after: IndexState }> {
  let before: IndexState | null = null;
  for (const after of tree.indexes) {
    if (linesOf(after).length === 0) continue;
    if (before !== null) yield { before, after };
    before = after;
  }
}
