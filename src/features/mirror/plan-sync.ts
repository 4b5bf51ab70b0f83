// Which source archives are to be handed over next, and when a source is not to be believed.

import { DAY, type UnixSeconds } from "../../core/clock.ts";

export interface SyncInput {
  /** The source's index now, in its order. */
  readonly listed: readonly string[];
  /** What was handed over, in that order. */
  readonly taken: readonly { readonly line: string; readonly takenAt: UnixSeconds }[];
  readonly now: UnixSeconds;
}

export type SyncPlan =
  /** Hand these over, in this order, and stop at the first that cannot be had. */
  | { readonly kind: "take"; readonly lines: readonly string[] }
  /** The source lost lines that cannot have expired: an error page, a reset, a stale cache. */
  | { readonly kind: "refuse"; readonly why: string };

/** Every retention in the field is longer (DB I23), so a source that lists nothing we know after this time is quiet. */
const QUIET_SECONDS = 10 * DAY;

/**
 * Whatever is listed and was not taken goes behind everything taken, even where the source put it into its middle: at
 * our location a line is only ever appended, so no follower can miss it (DB I1, I2). A source may lose lines from its
 * head only; one that lost others, or all, is refused, and nothing is taken or forgotten.
 */
export function planSync({ listed, taken, now }: SyncInput): SyncPlan {
  const known = new Set(taken.map(({ line }) => line));
  const lines = listed.filter((line) => !known.has(line));
  const last = taken.at(-1);
  if (!last) return { kind: "take", lines };

  const stillListed = new Set(listed);
  const firstListed = taken.findIndex(({ line }) => stillListed.has(line));
  if (firstListed < 0) {
    const quiet = now - last.takenAt >= QUIET_SECONDS && listed.length > 0;
    return quiet ? { kind: "take", lines } : { kind: "refuse", why: "it lists nothing of what was taken from it" };
  }
  const lost = taken.slice(firstListed).find(({ line }) => !stillListed.has(line));
  if (lost) return { kind: "refuse", why: `it lists "${lost.line}" no more, though older ones are there` };
  return { kind: "take", lines };
}
