// The real time; the only file that asks the machine for it.

import type { Clock } from "../../core/clock.ts";

export const systemClock: Clock = { now: () => Math.floor(Date.now() / 1_000) };
