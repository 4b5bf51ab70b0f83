// Tests of age and report type, for uploads (KS 3.6) and imports (KS 7.5, 13.4 I12).

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "./clock.ts";
import { type ExposureKey, ReportType } from "./exposure-key.ts";
import { intervalNumber } from "./intervals.ts";
import { KeyBatch } from "./key-batch.ts";
import { judgeImport, refusalOfImport, refusalOfUploadAge } from "./validate-key.ts";

const now = 20_000 * DAY + 10 * HOUR;
const current = intervalNumber(now);
const oldest = current - 15 * 144;

describe("the age of an uploaded key", () => {
  test.each([
    ["it begins now", current, 144, null],
    ["it begins in the next interval", current + 1, 1, "in_future"],
    ["it ends 15 days ago", oldest - 144, 144, null],
    ["it ended before that", oldest - 145, 144, "too_old"],
    ["it began before that but ends inside", oldest - 10, 10, null],
  ])("%s", (_name, rollingStart, rollingPeriod, refusal) => {
    expect(refusalOfUploadAge({ rollingStart, rollingPeriod }, now)).toBe(refusal);
  });

  test("is measured by the setting", () => {
    expect(refusalOfUploadAge({ rollingStart: current - 300, rollingPeriod: 144 }, now, DAY)).toBe("too_old");
  });
});

describe("the age of an imported key", () => {
  test.each([
    ["it begins 15 days before the discovery", oldest, null],
    ["it begins an interval before that, though it ends later", oldest - 1, "too_old"],
    ["it begins within the tolerated skew", current + 12, null],
    ["it begins beyond the tolerated skew", current + 13, "in_future"],
    ["it begins at the end of time", 2 ** 31 - 1, "in_future"],
  ])("%s", (_name, rollingStart, refusal) => {
    expect(refusalOfImport({ rollingStart, reportType: null }, "primary", now, now)).toBe(refusal);
  });

  test("does not grow while the archive waits to be imported", () => {
    const imported = { rollingStart: oldest, reportType: null };
    expect(refusalOfImport(imported, "primary", now, now + 30 * DAY)).toBeNull();
    expect(refusalOfImport(imported, "primary", now + 30 * DAY, now + 30 * DAY)).toBe("too_old");
  });

  test("is no future once it has come, though the archive was discovered before", () => {
    const imported = { rollingStart: current, reportType: null };
    expect(refusalOfImport(imported, "primary", now - 3 * DAY, now)).toBeNull();
    expect(refusalOfImport(imported, "primary", now - 3 * DAY, now - 3 * DAY)).toBe("in_future");
  });

  test("is measured by the settings", () => {
    const options = { maxAgeSeconds: DAY, clockSkewSeconds: 0 };
    const refusals = [-145, -144, 0, 1].map((offset) =>
      refusalOfImport({ rollingStart: current + offset, reportType: null }, "primary", now, now, options),
    );
    expect(refusals).toEqual(["too_old", null, null, "in_future"]);
  });
});

describe("the report types let in by each list", () => {
  test.each([
    { list: "primary", reportType: null, refusal: null },
    { list: "primary", reportType: ReportType.confirmed, refusal: null },
    { list: "primary", reportType: ReportType.likely, refusal: null },
    { list: "primary", reportType: ReportType.userReport, refusal: null },
    { list: "primary", reportType: ReportType.revoked, refusal: "report_type_not_allowed" },
    { list: "revised", reportType: null, refusal: "report_type_not_allowed" },
    { list: "revised", reportType: ReportType.confirmed, refusal: null },
    { list: "revised", reportType: ReportType.likely, refusal: null },
    { list: "revised", reportType: ReportType.userReport, refusal: "report_type_not_allowed" },
    { list: "revised", reportType: ReportType.revoked, refusal: null },
  ] as const)("$list, type $reportType: $refusal", ({ list, reportType, refusal }) => {
    expect(refusalOfImport({ rollingStart: current, reportType }, list, now, now)).toBe(refusal);
  });
});

test("judging a batch is judging each of its keys, in order, with every refusal counted", () => {
  const imported: fc.Arbitrary<ExposureKey> = fc.record({
    keyData: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    rollingStart: fc.integer({ min: oldest - 500, max: current + 100 }),
    rollingPeriod: fc.integer({ min: 1, max: 144 }),
    transmissionRisk: fc.constant(null),
    reportType: fc.constantFrom(null, ...Object.values(ReportType)),
    daysSinceOnset: fc.constant(null),
  });
  const batches = fc.array(imported, { maxLength: 200, size: "max" });
  fc.assert(
    fc.property(batches, fc.constantFrom("primary", "revised"), (keys, list) => {
      const reasons = keys.map((key) => refusalOfImport(key, list, now, now));
      const { kept, refusedCounts } = judgeImport(KeyBatch.from(keys), list, now, now);
      expect([...kept]).toEqual(keys.filter((_, index) => reasons[index] === null));
      for (const reason of ["too_old", "in_future", "report_type_not_allowed"] as const) {
        expect(refusedCounts[reason] ?? 0).toBe(reasons.filter((other) => other === reason).length);
      }
      const refused = Object.values(refusedCounts).reduce((sum, count) => sum + count, 0);
      expect(kept.length + refused).toBe(keys.length);
    }),
  );
});
