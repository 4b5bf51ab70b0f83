// From when to when a tree listed a key.

import type { UnixSeconds } from "../../core/clock.ts";
import { appearancesOf } from "./appearances.ts";
import type { Span } from "./listed-spans.ts";
import type { ObservedTree } from "./observed.ts";

/** The first instant in `[from, until)` at which no listed archive holds the key; null where there is none. */
export function firstGap(
  tree: ObservedTree,
  keyHex: string,
  from: UnixSeconds,
  until: UnixSeconds,
): UnixSeconds | null {
  let reached = from;
  for (const span of spansOfKey(tree, keyHex)) {
    if (reached >= until || span.from > reached) break;
    reached = Math.max(reached, span.until ?? Infinity);
  }
  return reached < until ? reached : null;
}

/** Whether a listed archive held the key at `at`. */
export function isKeyListedAt(tree: ObservedTree, keyHex: string, at: UnixSeconds): boolean {
  return firstGap(tree, keyHex, at, at + 1) === null;
}

/** Of all its appearances, by their beginning. */
function spansOfKey(tree: ObservedTree, keyHex: string): readonly Span[] {
  const appearances = appearancesOf(tree).get(keyHex) ?? [];
  if (appearances.length === 1) return appearances[0]?.listing.spans ?? [];
  return appearances.flatMap(({ listing }) => listing.spans).sort((a, b) => a.from - b.from);
}
