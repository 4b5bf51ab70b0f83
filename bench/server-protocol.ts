// What the benchmarks and the server that they measure say to each other.

import { HOUR, MINUTE } from "../src/core/clock.ts";

/** Runs the job at the instant. */
export interface JobOrder {
  readonly name: string;
  readonly now: number;
}

/** The first one says that the server is open. */
export interface JobAnswer {
  readonly milliseconds: number;
  /** Reports of level `error`. */
  readonly failures: readonly string[];
  /** Since the process began. */
  readonly peakMegabytes: number;
}

export const BENCH_SETTINGS = { truncateWindowSeconds: HOUR, minWindowAgeSeconds: 10 * MINUTE };
