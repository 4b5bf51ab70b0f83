// Makes a world smaller as long as it breaks the same invariant: fewer faults, fewer phones, less time.

import { HOUR } from "../../core/clock.ts";
import { applyCut, type PlanCut, WHOLE } from "./plan-cut.ts";
import type { WorldPlan } from "./world-plan.ts";

const LEAST_HOURS = 3;

/** Lives through at most `attempts` smaller worlds; answers the smallest that `isBroken` found broken. */
export async function shrinkPlan(
  plan: WorldPlan,
  isBroken: (smaller: WorldPlan) => Promise<boolean>,
  attempts: number,
): Promise<PlanCut> {
  let smallest = WHOLE;
  let left = attempts;
  const tryCut = async (cut: PlanCut): Promise<boolean> => {
    if (left-- <= 0) return false;
    const broken = await isBroken(applyCut(plan, cut));
    if (broken) smallest = cut;
    return broken;
  };
  smallest = await cutList("faults", plan.faults.length, smallest, tryCut);
  smallest = await cutList("phones", plan.phones.length, smallest, tryCut);
  for (;;) {
    const hours = Math.floor((smallest.hours ?? plan.reportingSeconds / HOUR) / 2);
    if (hours < LEAST_HOURS || !(await tryCut({ ...smallest, hours }))) break;
  }
  return smallest;
}

/** Takes half of what is left away, then quarters, then one at a time. */
async function cutList(
  name: "faults" | "phones",
  length: number,
  from: PlanCut,
  tryCut: (cut: PlanCut) => Promise<boolean>,
): Promise<PlanCut> {
  let kept = Array.from({ length }, (_, at) => at);
  let best = from;
  for (
    let size = Math.ceil(kept.length / 2);
    size >= 1 && kept.length > 0;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let start = 0; start < kept.length; ) {
      const without = kept.filter((_, at) => at < start || at >= start + size);
      const cut = { ...best, [name]: without };
      if (await tryCut(cut)) {
        kept = without;
        best = cut;
      } else start += size;
    }
  }
  return best;
}
