// What a break is: one known defect, switched on in a double of a set of servers, to show that it is noticed.

import type { InvariantId } from "../invariants/invariant.ts";

export interface Break {
  /** Kebab case. */
  readonly name: string;
  /** What the servers do, in a sentence. */
  readonly defect: string;
  /** Where it is known from: KS or DB. */
  readonly source: string;
  /** The invariant that names it; others may notice it as well. */
  readonly caughtBy: InvariantId;
}
