// What came of one world, as plain data: what was tried, and what was broken.

import type { UnixSeconds } from "../../core/clock.ts";
import { findViolations } from "../invariants/find-violations.ts";
import type { InvariantId } from "../invariants/invariant.ts";
import { type LivedWorld, type LiveOptions, liveWorld } from "./live-world.ts";
import type { WorldPlan } from "./world-plan.ts";

export interface BrokenInvariant {
  readonly id: InvariantId;
  readonly rule: string;
  readonly experience: string;
  readonly at: UnixSeconds;
  readonly where: string;
  readonly witness: string;
  readonly what: string;
}

export interface WorldOutcome {
  readonly seed: number;
  readonly broken: readonly BrokenInvariant[];
  /** Fault kind -> how often it struck. */
  readonly struck: Readonly<Record<string, number>>;
  /** "site activity operation fault" -> how often. */
  readonly struckAt: Readonly<Record<string, number>>;
  readonly effects: Readonly<Record<string, number>>;
  readonly deaths: number;
  readonly keys: number;
  readonly archives: number;
  readonly checks: number;
  readonly uploads: number;
  readonly virtualSeconds: number;
}

export async function tryWorld(plan: WorldPlan, options: LiveOptions): Promise<WorldOutcome> {
  return judge(plan, await liveWorld(plan, options));
}

function judge({ seed }: WorldPlan, { observed, injector, uploads, deaths }: LivedWorld): WorldOutcome {
  const broken = findViolations(observed).map(({ invariant: { id, rule, experience }, violation }) => {
    const { at, where, witness, what } = violation;
    return { id, rule, experience, at, where, witness, what };
  });
  return {
    seed,
    broken,
    struck: Object.fromEntries(injector.struck),
    struckAt: Object.fromEntries(injector.struckAt),
    effects: Object.fromEntries(injector.effects),
    deaths,
    keys: observed.keys.length,
    archives: observed.trees.reduce((sum, { archives }) => sum + archives.length, 0),
    checks: observed.phones.reduce((sum, { checks }) => sum + checks.length, 0),
    uploads: uploads.acknowledged,
    virtualSeconds: observed.endsAt - observed.startsAt,
  };
}
