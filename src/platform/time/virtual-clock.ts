// A clock that stands still until somebody moves it: for tests and simulations.

import type { UnixSeconds } from "../../core/clock.ts";
import { type JudgedClock, RELIED_ON } from "./clock-trust.ts";

/** Relied on: it is what the time is. */
export interface VirtualClock extends JudgedClock {
  /** Moves to `to`; throws RangeError when that lies in the past. */
  set(to: UnixSeconds): void;
  /** Moves on by `seconds`; throws RangeError when negative. */
  advance(seconds: number): void;
  /** Moves anywhere, backwards as well: what a machine's clock does when somebody corrects it. */
  jump(to: UnixSeconds): void;
}

export function createVirtualClock(start: UnixSeconds): VirtualClock {
  let now = wholeSeconds(start);

  function set(to: UnixSeconds): void {
    if (to < now) throw new RangeError(`the virtual clock stands at ${now} and does not run back to ${to}`);
    now = wholeSeconds(to);
  }

  return {
    now: () => now,
    machineNow: () => now,
    trust: () => RELIED_ON,
    set,
    advance: (seconds) => set(now + seconds),
    jump: (to) => {
      now = wholeSeconds(to);
    },
  };
}

function wholeSeconds(at: number): UnixSeconds {
  if (!Number.isSafeInteger(at)) throw new RangeError(`not a whole number of seconds: ${at}`);
  return at;
}
