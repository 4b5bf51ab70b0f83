// When a phone checks: its rhythm, the scatter of a battery-minding system, and the time when it is off (DB 1.2, 8).

import type { UnixSeconds } from "../core/clock.ts";
import type { Random } from "../core/random.ts";

export interface CheckRhythm {
  readonly from: UnixSeconds;
  /** Checks end before. */
  readonly until: UnixSeconds;
  readonly pollSeconds: number;
  /** Each check comes up to so much later than its turn; below `pollSeconds`, so that the order stays. */
  readonly jitterSeconds: number;
  /** When it is switched off or without network: checks inside are left out, `until` is not inside any more. */
  readonly away?: readonly { readonly from: UnixSeconds; readonly until: UnixSeconds }[];
}

/**
 * The instants of all checks, rising. The first turn comes at random within the first period, and after an absence
 * the system makes up for the missed turns with one check as soon as the phone is back.
 * Every turn draws once, so an absence changes no other check. Throws RangeError for a rhythm without sense.
 */
export function planChecks(random: Random, rhythm: CheckRhythm): UnixSeconds[] {
  const { from, until, pollSeconds, jitterSeconds, away = [] } = rhythm;
  if (!(pollSeconds >= 1) || !(jitterSeconds >= 0 && jitterSeconds < pollSeconds)) {
    throw new RangeError("a phone polls at least every second, with a jitter below its period");
  }
  const times = new Set<UnixSeconds>();
  for (let turn = from + random.integer(pollSeconds - 1); turn < until; turn += pollSeconds) {
    const time = backAfter(away, turn + random.integer(jitterSeconds));
    if (time < until) times.add(time);
  }
  return [...times].sort((a, b) => a - b);
}

/** `time`, or the end of the absences that it falls into. */
function backAfter(away: NonNullable<CheckRhythm["away"]>, time: UnixSeconds): UnixSeconds {
  const absence = away.find((span) => span.from <= time && time < span.until);
  return absence === undefined ? time : backAfter(away, absence.until);
}
