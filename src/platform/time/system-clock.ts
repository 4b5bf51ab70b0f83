// The real time; the only file that asks the machine for it.

import { uptime } from "node:os";
import type { Clock } from "../../core/clock.ts";
import type { Pace } from "./pace.ts";

/** How long things take, and waiting, on this machine. */
export const systemPace: Pace = {
  milliseconds: () => performance.now(),
  wait: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1_000) };

/** For how long the machine has been up, sleep included; nobody can set it. */
export const systemUptimeSeconds: () => number = uptime;
