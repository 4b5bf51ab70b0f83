// The words of skipping: a listed line that is not taken, on an operator's word.

import type { UnixSeconds } from "../../core/clock.ts";

export interface Skip {
  readonly id: number;
  readonly line: string;
  readonly reason: string;
  readonly skippedAt: UnixSeconds;
  /** Name of a principal; null where it was not recorded. */
  readonly skippedBy: string | null;
  /** null: the line is skipped. */
  readonly undoneAt: UnixSeconds | null;
  readonly undoneBy: string | null;
}

/** What became of a listed line so far, as far as skipping it goes. */
export type LineStanding = "waiting" | "taken" | "unlisted";
