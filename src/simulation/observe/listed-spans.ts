// When each line of a tree was listed.

import type { UnixSeconds } from "../../core/clock.ts";
import { linesOf } from "./lines-at.ts";
import type { ObservedTree } from "./observed.ts";

export interface Span {
  readonly from: UnixSeconds;
  /** Not included; null: to the end of the world. */
  readonly until: UnixSeconds | null;
}

type Spans = ReadonlyMap<string, readonly Span[]>;
const spansByTree = new WeakMap<ObservedTree, Spans>();

/** Line -> when it was listed, in order of time; the lines in the order of their first listing. Worked out once. */
export function listedSpans(tree: ObservedTree): Spans {
  const known = spansByTree.get(tree);
  if (known !== undefined) return known;
  const spans = findSpans(tree);
  spansByTree.set(tree, spans);
  return spans;
}

function findSpans(tree: ObservedTree): Spans {
  const spans = new Map<string, { from: UnixSeconds; until: UnixSeconds | null }[]>();
  let listed = new Set<string>();
  for (const state of tree.indexes) {
    const gone = listed;
    listed = new Set(linesOf(state));
    for (const line of listed) {
      if (gone.delete(line)) continue;
      const begun = { from: state.at, until: null };
      const before = spans.get(line);
      if (before === undefined) spans.set(line, [begun]);
      else before.push(begun);
    }
    for (const line of gone) {
      const last = spans.get(line)?.at(-1);
      if (last !== undefined) last.until = state.at;
    }
  }
  return spans;
}

/** Whether one of the spans holds the instant. */
export function covers(spans: readonly Span[], at: UnixSeconds): boolean {
  return spans.some(({ from, until }) => from <= at && (until === null || at < until));
}
