// What the parts of one save share.

import type { UnixSeconds } from "../../core/clock.ts";
import type { KeyBatch } from "../../core/key-batch.ts";
import type { Db } from "../../platform/database/database.ts";
import { type KeyOrigin, SAVE_OUTCOMES, type SaveOutcome } from "./exposure-types.ts";

export interface SaveContext {
  readonly tx: Db;
  readonly origin: KeyOrigin;
  readonly regions: readonly string[];
  readonly traveler: boolean;
  readonly now: UnixSeconds;
  /** Whether any revision waited for its original when the save began. */
  readonly hasAwaited: boolean;
  readonly mayRevise: (keyHex: string) => boolean;
  /** When a key or its revision may be exported: after its end, and in no window that was exported already. */
  releasedAt(batch: KeyBatch, index: number): UnixSeconds;
}

export function outcomeCode(outcome: SaveOutcome): number {
  return SAVE_OUTCOMES.indexOf(outcome);
}
