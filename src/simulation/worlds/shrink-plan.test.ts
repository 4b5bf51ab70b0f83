// A broken world gets as small as it can while it stays broken.

import { expect, test } from "vitest";
import { HOUR } from "../../core/clock.ts";
import type { PlannedFault } from "../faults/fault.ts";
import { drawPlan } from "./draw-plan.ts";
import { WHOLE } from "./plan-cut.ts";
import { shrinkPlan } from "./shrink-plan.ts";
import type { WorldPlan } from "./world-plan.ts";

const drawn = drawPlan(1, { faults: "none", maxDays: 1.5, maxPhones: 6 });
const faults: PlannedFault[] = Array.from({ length: 9 }, (_, at) => ({
  kind: "job-twice",
  site: "state",
  at: drawn.startsAt + at,
  seconds: HOUR,
}));
const PLAN: WorldPlan = { ...drawn, reportingSeconds: 24 * HOUR, faults };

const has = (plan: WorldPlan, position: number) => plan.faults.some((fault) => fault === PLAN.faults[position]);

test("only what is needed is left", async () => {
  const needed = async (plan: WorldPlan) =>
    has(plan, 2) && has(plan, 7) && plan.phones.some((phone) => phone === PLAN.phones[1]);
  expect(await shrinkPlan(PLAN, needed, 100)).toEqual({ hours: 3, phones: [1], faults: [2, 7] });
});

test("what does not get smaller stays whole", async () => {
  expect(await shrinkPlan(PLAN, async () => false, 100)).toEqual(WHOLE);
});

test("no more worlds are tried than allowed", async () => {
  let tried = 0;
  await shrinkPlan(PLAN, async () => ++tried > 0, 5);
  expect(tried).toBe(5);
});
