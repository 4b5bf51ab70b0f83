// Which invariants a world broke.

import type { Observed } from "../observe/observed.ts";
import { ALL_INVARIANTS } from "./all-invariants.ts";
import type { Invariant, Violation } from "./invariant.ts";

export interface FoundViolation {
  readonly invariant: Invariant;
  readonly violation: Violation;
}

/** The first violation of each broken invariant, in order of time. */
export function findViolations(observed: Observed): FoundViolation[] {
  return ALL_INVARIANTS.flatMap((invariant) => {
    const violation = invariant.check(observed);
    return violation === null ? [] : [{ invariant, violation }];
  }).sort((a, b) => a.violation.at - b.violation.at);
}
