// What a feature takes back that a clock which was ahead has written to its tables.

import { HOUR, type UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../database/database.ts";
import { NEAR_SECONDS } from "./judge-clock.ts";

/** How much of each kind was put back. */
export type PutBackCounts = Readonly<Record<string, number>>;

export interface PutBack {
  /** The time that is relied on. */
  readonly now: UnixSeconds;
  /** Whether the clock was in doubt until just now. */
  readonly isAfterDoubt: boolean;
  /**
   * Whether more than its own steadiness proves the clock. Without that it may be the one that is wrong, and behind: then
   * no life is shortened, of a line, of a token key or of what waits. What lives longer than it has to does no harm.
   */
  readonly isProven: boolean;
  /** Since when the clock was wrong without having been noticed, as the wrong clock had it; null: not known. */
  readonly wrongSince: UnixSeconds | null;
  /** The last instant that the clock is known to have told while it was ahead; null: it was not, as far as is known. */
  readonly toldUntil: UnixSeconds | null;
}

/** Idempotent: what lies in the past stays as it is. */
export interface AheadTables {
  putBack(tx: Db, request: PutBack): Promise<PutBackCounts>;
  /** Whether something lies ahead that stops work, or hides keys. Cheap: asked every minute. */
  isAhead?(db: Db, now: UnixSeconds): Promise<boolean>;
}

/**
 * Up to where a beginning that was entered is taken for the "now" of a wrong clock, and becomes now: who meant such an
 * instant begins early, which loses nothing.
 */
export function enteredUntil({ now, toldUntil }: Pick<PutBack, "now" | "toldUntil">): UnixSeconds {
  return toldUntil === null ? now : toldUntil + HOUR;
}

/** An instant behind this one was written by a clock that was ahead: clocks of processes differ by less. */
export function aheadOf(now: UnixSeconds): UnixSeconds {
  return now + NEAR_SECONDS;
}
