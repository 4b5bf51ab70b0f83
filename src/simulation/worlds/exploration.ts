// The sums over many worlds.

import type { PlanCut } from "./plan-cut.ts";
import type { BrokenInvariant, WorldOutcome } from "./world-outcome.ts";

export interface BrokenWorld {
  readonly seed: number;
  readonly broken: readonly BrokenInvariant[];
  /** A smaller world that breaks the same; null where none was looked for. */
  readonly smaller: PlanCut | null;
}

export interface Exploration {
  /** Worlds that count as tried. */
  tried: number;
  /** Worlds of faults in which none struck. */
  untouched: number;
  deaths: number;
  keys: number;
  archives: number;
  checks: number;
  uploads: number;
  virtualSeconds: number;
  /** Fault kind -> worlds, and how often it struck in them. */
  readonly faults: Map<string, { worlds: number; times: number }>;
  /** "activity operation" of a process that died -> how often. */
  readonly deathsAt: Map<string, number>;
  readonly broken: BrokenWorld[];
}

export function startExploration(): Exploration {
  return {
    tried: 0,
    untouched: 0,
    deaths: 0,
    keys: 0,
    archives: 0,
    checks: 0,
    uploads: 0,
    virtualSeconds: 0,
    faults: new Map(),
    deathsAt: new Map(),
    broken: [],
  };
}

const DEADLY = ["dies-before", "dies-after", "power-lost"];

export function addOutcome(sums: Exploration, outcome: WorldOutcome, smaller: PlanCut | null, isFaulty: boolean): void {
  if (outcome.broken.length > 0) sums.broken.push({ seed: outcome.seed, broken: outcome.broken, smaller });
  if (isFaulty && Object.keys(outcome.struck).length === 0) sums.untouched++;
  else sums.tried++;
  for (const count of ["deaths", "keys", "archives", "checks", "uploads", "virtualSeconds"] as const) {
    sums[count] += outcome[count];
  }
  for (const [kind, times] of Object.entries(outcome.struck)) {
    const before = sums.faults.get(kind) ?? { worlds: 0, times: 0 };
    sums.faults.set(kind, { worlds: before.worlds + 1, times: before.times + times });
  }
  for (const [where, times] of Object.entries(outcome.struckAt)) {
    const [site, activity, operation, kind = ""] = where.split(" ");
    if (!DEADLY.includes(kind)) continue;
    const effect = `${site} ${activity} ${operation}`;
    sums.deathsAt.set(effect, (sums.deathsAt.get(effect) ?? 0) + times);
  }
}
