// The real time; the only file that asks the machine for it.

import { uptime } from "node:os";
import type { Clock } from "../../core/clock.ts";
import type { Pace } from "./pace.ts";

/** How long things take, and waiting, on this machine. */
export const systemPace: Pace = {
  milliseconds: () => performance.now(),
  async wait(milliseconds) {
    const until = performance.now() + milliseconds;
    await timer(milliseconds);
    // A timer counts from the start of the event loop's turn, and whole milliseconds.
    while (until - performance.now() >= 0.5) await timer(1);
  },
};

export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1_000) };

/** For how long the machine has been up, sleep included; nobody can set it. */
export const systemUptimeSeconds: () => number = uptime;

function timer(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
