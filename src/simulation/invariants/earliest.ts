// What most invariants do with what they find: answer the first in order of time.

import type { Violation } from "./invariant.ts";

/** The violation with the least time, of several the one found first; null where there is none. */
export function earliest(violations: Iterable<Violation>): Violation | null {
  let first: Violation | null = null;
  for (const violation of violations) if (first === null || violation.at < first.at) first = violation;
  return first;
}
