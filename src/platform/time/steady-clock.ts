// The machine's time without its jumps: what a server works by, so that a clock set wrong for a while costs nothing.

import { type Clock, DAY, HOUR, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { Report } from "../observe/report.ts";

export interface SteadyClock extends Clock {
  /** Whether the machine's clock has jumped and is not believed. */
  isDoubtful(): boolean;
  /** Tells it what an earlier process saw as the time: a machine's clock that is behind it has jumped back meanwhile. */
  startFrom(seen: UnixSeconds): void;
}

export interface SteadyClockOptions {
  readonly machine: Clock;
  /** For how long the machine has been up, whatever its clock is set to. */
  readonly uptimeSeconds: () => number;
  readonly report: Report;
}

export type ClockErrorCode =
  /** The machine's clock was set to another time; until that is believed, the time goes on as before. */
  "clock_jumped";

/** Less is followed at once: leases, tokens and windows bear it. */
const FOLLOWED_SECONDS = 5 * MINUTE;
/** A jump that nobody takes back for so long is right: a machine that was paused, a clock that was wrong before. */
const BELIEVED_AFTER_SECONDS = HOUR;
/** A larger one would expire archives and keys; only a new start, by somebody who has looked, makes it true. */
const LARGEST_BELIEVED_SECONDS = DAY;

interface Doubt {
  /** What the machine's clock says, less its uptime. */
  readonly offset: number;
  readonly sinceUptime: number;
  readonly isEverBelieved: boolean;
}

/** Begins with the machine's time, then goes with its uptime where the machine's clock jumps. */
export function createSteadyClock({ machine, uptimeSeconds, report }: SteadyClockOptions): SteadyClock {
  let believed = machine.now() - uptimeSeconds();
  let doubt: Doubt | null = null;
  let lastTold: UnixSeconds | null = null;

  function beginDoubt(offset: number, sinceUptime: number, isEverBelieved: boolean): void {
    doubt = { offset, sinceUptime, isEverBelieved };
    report({
      event: "clock.jumped",
      level: "error",
      code: "clock_jumped",
      bySeconds: Math.round(offset - believed),
      why: "the machine's clock was set to another time; set it right, or start the server again if it is right now",
    });
  }

  function believe(offset: number): void {
    if (doubt !== null) report({ event: "clock.believed", bySeconds: Math.round(offset - believed) });
    believed = offset;
    doubt = null;
  }

  return {
    now() {
      const told = machine.now();
      // To ask for the uptime at every request would cost more than the rest of its work with clocks.
      if (told === lastTold) return told;
      const uptime = uptimeSeconds();
      const offset = told - uptime;
      if (isNear(offset, believed) || (doubt !== null && isStanding(doubt, offset, uptime))) {
        believe(offset);
        lastTold = told;
        return told;
      }
      lastTold = null;
      if (doubt === null || !isNear(offset, doubt.offset)) {
        beginDoubt(offset, uptime, Math.abs(offset - believed) <= LARGEST_BELIEVED_SECONDS);
      }
      return Math.floor(believed + uptime);
    },
    isDoubtful() {
      this.now();
      return doubt !== null;
    },
    startFrom(seen) {
      const uptime = uptimeSeconds();
      const offset = machine.now() - uptime;
      if (offset + uptime >= seen - FOLLOWED_SECONDS) return;
      believed = seen - uptime;
      lastTold = null;
      beginDoubt(offset, uptime, true);
    },
  };
}

function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= FOLLOWED_SECONDS;
}

function isStanding(doubt: Doubt, offset: number, uptime: number): boolean {
  return doubt.isEverBelieved && isNear(offset, doubt.offset) && uptime - doubt.sinceUptime >= BELIEVED_AFTER_SECONDS;
}
