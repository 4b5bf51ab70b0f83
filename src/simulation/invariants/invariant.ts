// What an invariant is: one function over what was observed (DB 7.1).

import type { UnixSeconds } from "../../core/clock.ts";
import type { Observed } from "../observe/observed.ts";

/** The 27 of DB 7.1, and ours: `O1` and following. */
export type InvariantId = `I${number}` | `O${number}`;

export interface Violation {
  readonly at: UnixSeconds;
  /** The tree or the phone. */
  readonly where: string;
  /** The line, the key in hex, the phone: what to look at. */
  readonly witness: string;
  /** A sentence. */
  readonly what: string;
}

export interface Invariant {
  readonly id: InvariantId;
  /** What must hold, in a sentence. */
  readonly rule: string;
  /** What a phone or its owner experiences where it does not. */
  readonly experience: string;
  /** Answers the first violation in order of time, null where there is none. */
  readonly check: (observed: Observed) => Violation | null;
}
