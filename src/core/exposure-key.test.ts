// Tests of the limits of one key (KS 1.5, 3.6; DB 4.1).

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { refusalOfForm, type UnjudgedKey } from "./exposure-key.ts";

const good: UnjudgedKey = {
  keyData: new Uint8Array(16),
  rollingStart: 2_900_000,
  rollingPeriod: 144,
  transmissionRisk: 3,
  reportType: 1,
  daysSinceOnset: 2,
};

test("a key with all values inside their limits is well formed", () => {
  expect(refusalOfForm(good)).toBeNull();
});

describe("each value at and beyond its limits", () => {
  test.each<[string, Partial<UnjudgedKey>, string | null]>([
    ["15 bytes", { keyData: new Uint8Array(15) }, "key_length"],
    ["17 bytes", { keyData: new Uint8Array(17) }, "key_length"],
    ["no bytes", { keyData: new Uint8Array(0) }, "key_length"],
    ["no start", { rollingStart: undefined }, "rolling_start_missing"],
    ["start 0", { rollingStart: 0 }, null],
    ["start -1", { rollingStart: -1 }, "rolling_start_range"],
    ["the largest int32 as start", { rollingStart: 2 ** 31 - 1 }, null],
    ["a start beyond int32", { rollingStart: 2 ** 31 }, "rolling_start_range"],
    ["a broken start", { rollingStart: 1.5 }, "rolling_start_range"],
    ["no period", { rollingPeriod: undefined }, null],
    ["period 0", { rollingPeriod: 0 }, "rolling_period_range"],
    ["period 1", { rollingPeriod: 1 }, null],
    ["period 145", { rollingPeriod: 145 }, "rolling_period_range"],
    ["a period that is no number", { rollingPeriod: Number.NaN }, "rolling_period_range"],
    ["no risk", { transmissionRisk: undefined }, null],
    ["risk 0", { transmissionRisk: 0 }, null],
    ["risk 8", { transmissionRisk: 8 }, null],
    ["risk 9", { transmissionRisk: 9 }, "transmission_risk_range"],
    ["risk -1", { transmissionRisk: -1 }, "transmission_risk_range"],
    ["no report type", { reportType: undefined }, null],
    ["report type UNKNOWN", { reportType: 0 }, null],
    ["report type REVOKED", { reportType: 5 }, null],
    ["report type RECURSIVE", { reportType: 4 }, "report_type_unknown"],
    ["report type 6", { reportType: 6 }, "report_type_unknown"],
    ["no onset", { daysSinceOnset: undefined }, null],
    ["onset -14", { daysSinceOnset: -14 }, null],
    ["onset -15", { daysSinceOnset: -15 }, "onset_range"],
    ["onset 14", { daysSinceOnset: 14 }, null],
    ["onset 15", { daysSinceOnset: 15 }, "onset_range"],
  ])("%s", (_name, change, refusal) => {
    expect(refusalOfForm({ ...good, ...change })).toBe(refusal);
  });
});

test("whatever passes fits the packed record", () => {
  const anyNumber = fc.option(fc.oneof(fc.integer({ min: -20, max: 160 }), fc.maxSafeInteger(), fc.double()), {
    nil: undefined,
  });
  const anyKey = fc.record({
    keyData: fc.uint8Array({ minLength: 15, maxLength: 17 }),
    rollingStart: anyNumber,
    rollingPeriod: anyNumber,
    transmissionRisk: anyNumber,
    reportType: anyNumber,
    daysSinceOnset: anyNumber,
  });
  fc.assert(
    fc.property(anyKey, (key) => {
      if (refusalOfForm(key) !== null) return;
      expect(key.keyData).toHaveLength(16);
      expect(key.rollingStart).toBe((key.rollingStart ?? -1) >>> 0);
      expect([1, 2, 3, 5, 0, undefined]).toContain(key.reportType);
      expect(Math.abs(key.daysSinceOnset ?? 0)).toBeLessThanOrEqual(14);
    }),
    { numRuns: 2_000 },
  );
});
