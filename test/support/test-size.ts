// How thorough this run is: `npm test` takes samples of what `npm run test:long` does in full.
//
// The long run takes every file that imports this one, and those named `*.long.test.ts`, which `npm test` leaves out.

import { inject, test } from "vitest";

export const isLong = inject("isLong");

/** What the short run takes, or what the long run does. */
export function sized<Sample, Full>(sample: Sample, full: Full): Sample | Full {
  return isLong ? full : sample;
}

/** Every `step`-th of the items, from the first on; all of them in the long run. */
export function sampled<Item>(items: readonly Item[], step: number): Item[] {
  return items.filter((_, at) => isLong || at % step === 0);
}

/** A sweep over faults takes every so many; odd, since effects often come in pairs. */
export const FAULT_STEP = sized(5, 1);

const nothing = Object.assign(() => undefined, { each: () => () => undefined });

/** A test of the long run; the short one does not know it, not even as skipped. */
export const longTest: Pick<typeof test, "each"> & ((name: string, run: () => Promise<void> | void) => void) = isLong
  ? test
  : nothing;
