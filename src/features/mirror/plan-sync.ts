// Which source archives are to be handed over next, and when a source is not to be believed.

import { DAY, type UnixSeconds } from "../../core/clock.ts";

export interface SyncInput {
  /** The source's index now, in its order. */
  readonly listed: readonly string[];
  /** What was handed over, in that order; `end` is that of the archive's window. */
  readonly taken: readonly { readonly line: string; readonly end: UnixSeconds }[];
  /** Lines that an operator wants skipped. */
  readonly skipped: ReadonlySet<string>;
  /** Lines of which an operator accepts that the source withdrew them. */
  readonly mayBeGone: ReadonlySet<string>;
  readonly now: UnixSeconds;
}

interface Found {
  /** Listed and not taken, skipped ones too. */
  readonly waiting: readonly string[];
  /** Taken, and listed no more although they cannot have expired. */
  readonly lost: readonly string[];
}

export type SyncPlan =
  /** Hand these over, in this order, and stop at the first that cannot be had. */
  | (Found & { readonly kind: "take"; readonly lines: readonly string[] })
  /** The source lost lines that cannot have expired: an error page, a reset, a stale cache. */
  | (Found & { readonly kind: "refuse"; readonly why: string });

/** Every retention in the field is longer (DB I23), so an archive that ended before may have left any source. */
const KEPT_SECONDS = 10 * DAY;

/**
 * Whatever is listed and was not taken goes behind everything taken, even where the source put it into its middle: at
 * our location a line is only ever appended, so no follower can miss it (DB I1, I2). A source may lose lines from its
 * head, and old ones anywhere, since what it put into its middle stands at our end. One that lost others, or all of
 * them, is refused, and nothing is taken or forgotten.
 */
export function planSync({ listed, taken, skipped, mayBeGone, now }: SyncInput): SyncPlan {
  const stillListed = new Set(listed);
  const firstListed = taken.findIndex(({ line }) => stillListed.has(line));
  const lost = taken
    .slice(Math.max(0, firstListed))
    .filter(({ line, end }) => !stillListed.has(line) && !mayBeGone.has(line) && now - end < KEPT_SECONDS)
    .map(({ line }) => line);
  const known = new Set(taken.map(({ line }) => line));
  const waiting = listed.filter((line) => !known.has(line));
  if (lost.length > 0) {
    const rest = firstListed < 0 ? "nothing of what was taken from it is there" : "though older ones are there";
    return { kind: "refuse", why: `it lists "${lost[0]}" no more, ${rest}`, waiting, lost };
  }
  return { kind: "take", lines: waiting.filter((line) => !skipped.has(line)), waiting, lost };
}
