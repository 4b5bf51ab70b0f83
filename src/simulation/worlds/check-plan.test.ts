// Worlds that make no sense are refused with a reason; the drawn ones never are.

import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../core/clock.ts";
import { checkPlan } from "./check-plan.ts";
import { FAULT_LEVELS } from "./draw-faults.ts";
import { drawPlan } from "./draw-plan.ts";
import type { WorldPlan } from "./world-plan.ts";

const GOOD = drawPlan(1, { faults: "none", maxDays: 1, maxPhones: 3 });
const [phone = { kind: "", follows: "national", pollSeconds: HOUR, away: null } as const] = GOOD.phones;

describe("a world is refused", () => {
  test.each<[string, Partial<WorldPlan>]>([
    [
      "the period of the client export does not divide a day",
      { periodsSeconds: { ...GOOD.periodsSeconds, client: 7 } },
    ],
    ["is not shorter than the retention", { retentionSeconds: HOUR }],
    ["the content is switched before it is imported", { importAfterSeconds: 2 * HOUR, switchAfterSeconds: HOUR }],
    ["the world ends before the content is switched", { switchAfterSeconds: 30 * DAY }],
    ["an archive cannot hold its padding", { minRecords: 90, paddingRange: 20, maxRecords: 100 }],
    ["a line can expire before the key in it has come everywhere", { retentionSeconds: 9 * HOUR }],
    ["archives are deleted while phones are on their way", { graceSeconds: HOUR }],
    ["nobody follows", { phones: [] }],
    ["nobody has time to report", { reportingSeconds: 0 }],
    ["there is no kind of phones called pigeon", { phones: [{ ...phone, kind: "pigeon" }] }],
    ["looks so seldom", { phones: [{ ...phone, pollSeconds: 15 * DAY }] }],
    [
      "does not come back before the end",
      { phones: [{ ...phone, away: { from: GOOD.startsAt, until: GOOD.startsAt + 5 * DAY } }] },
    ],
  ])("because %s", (reason, changes) => {
    const plan = { ...GOOD, retentionSeconds: 14 * DAY, ...changes };
    expect(() => checkPlan(plan)).toThrow(expect.objectContaining({ code: "world_impossible" }));
    expect(() => checkPlan(plan)).toThrow(reason);
  });
});

test("no drawn world is, whatever the seed, and the same seed draws the same", () => {
  for (const faults of FAULT_LEVELS) {
    for (let seed = 0; seed < 150; seed++) {
      const limits = { faults, maxDays: 0.5 + (seed % 5), maxPhones: 1 + (seed % 9) };
      const plan = drawPlan(seed, limits);
      expect(() => checkPlan(plan), `seed ${seed} with ${faults}`).not.toThrow();
      expect(drawPlan(seed, limits)).toEqual(plan);
    }
  }
});
