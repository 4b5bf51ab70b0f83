// A cut of a world is said in a few words and read again.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { HOUR } from "../../core/clock.ts";
import { drawPlan } from "./draw-plan.ts";
import { applyCut, formatCut, type PlanCut, parseCut, WHOLE } from "./plan-cut.ts";

const positions = fc.option(fc.array(fc.nat(40), { maxLength: 5 }));
const cuts: fc.Arbitrary<PlanCut> = fc.record({ hours: fc.option(fc.nat(99)), phones: positions, faults: positions });

test("what is said is read as the same cut", () => {
  fc.assert(
    fc.property(cuts, (cut) => {
      expect(parseCut(formatCut(cut))).toEqual(cut);
    }),
  );
});

test.each(["hours", "hours=", "hours=1+2", "phones=a", "phones=1,phones=2", "days=1", "phones=1,"])(
  "%s is no cut",
  (text) => {
    expect(parseCut(text)).toBeNull();
  },
);

test("a cut leaves the named phones and faults, and never more time than there was", () => {
  const plan = drawPlan(3, { faults: "many", maxDays: 1, maxPhones: 5 });
  const cut = applyCut(plan, { hours: 3, phones: [1], faults: [0, 2] });
  expect(cut.reportingSeconds).toBe(3 * HOUR);
  expect(cut.phones).toEqual([plan.phones[1]]);
  expect(cut.faults).toEqual([plan.faults[0], plan.faults[2]]);
  expect(applyCut(plan, { ...WHOLE, hours: 999 })).toEqual(plan);
});
