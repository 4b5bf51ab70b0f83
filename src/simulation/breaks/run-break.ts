// Runs one break: lives through a double world with its defect and judges what was observed.

import { type FoundViolation, findViolations } from "../invariants/find-violations.ts";
import type { Observed } from "../observe/observed.ts";
import { BREAKS } from "./breaks.ts";
import { liveDoubleWorld } from "./double/live-double-world.ts";

export interface BreakRun {
  readonly observed: Observed;
  readonly violations: readonly FoundViolation[];
  /** Whether the invariant that names the defect noticed it. */
  readonly caught: boolean;
}

export type KnownBreak = (typeof BREAKS)[number];

/** The break of that name; null for a name that there is not. */
export function findBreak(name: string): KnownBreak | null {
  return BREAKS.find((known) => known.name === name) ?? null;
}

/** The same seed gives the same world. */
export async function runBreak({ name, caughtBy }: KnownBreak, seed = 1): Promise<BreakRun> {
  const observed = await liveDoubleWorld({ seed, defect: name });
  const violations = findViolations(observed);
  return { observed, violations, caught: violations.some(({ invariant }) => invariant.id === caughtBy) };
}
