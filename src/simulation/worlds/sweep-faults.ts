// Every fault at every effect that a world has: which of them go together into one world.

import { HOUR } from "../../core/clock.ts";
import { type EffectFault, type EffectFaultKind, faultsOf, OPERATIONS } from "../faults/fault.ts";
import { planTimes } from "./plan-times.ts";
import type { WorldPlan } from "./world-plan.ts";

/** One fault at one effect, named as the injector counts it: "site activity operation kind". */
export interface SweptFault {
  readonly name: string;
  readonly fault: Omit<EffectFault, "notBefore">;
}

/** All pairs of the effects ("site activity operation") that were seen and the faults that can strike there. */
export function pairsOf(effects: Iterable<string>): SweptFault[] {
  return [...effects].flatMap((effect) => {
    const [site = "", activity = "", named] = effect.split(" ");
    const operation = OPERATIONS.find((one) => one === named);
    if (operation === undefined) throw new RangeError(`${effect} is no effect`);
    return faultsOf(operation).map((kind: EffectFaultKind) => ({
      name: `${effect} ${kind}`,
      fault: { kind, site, operation, activity, passes: 0 },
    }));
  });
}

/**
 * Worlds like `base` that hold `together` of them each, `apartSeconds` from one to the next; neighbours strike at
 * different effects.
 */
export function sweepWorlds(
  base: WorldPlan,
  pairs: readonly SweptFault[],
  { together, apartSeconds }: { readonly together: number; readonly apartSeconds: number },
): WorldPlan[] {
  const count = Math.ceil(pairs.length / together);
  return Array.from({ length: count }, (_, world) => {
    const own = pairs.filter((_pair, at) => at % count === world);
    const faults = own.map(({ fault }, at) => ({ ...fault, notBefore: base.startsAt + apartSeconds * at }));
    const plan = { ...base, faults };
    // Lines must stay listed for as long as the faults may hold keys up.
    return {
      ...plan,
      retentionSeconds: Math.max(base.retentionSeconds, planTimes(plan).heldWithinSeconds + 12 * HOUR),
    };
  });
}
