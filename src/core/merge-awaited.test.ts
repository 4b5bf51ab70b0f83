// Tests of a revision that came before its original.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { type ExposureKey, ReportType } from "./exposure-key.ts";
import { applyAwaited } from "./merge-awaited.ts";
import { mergeKey } from "./merge-key.ts";

const { confirmed, likely, userReport, revoked } = ReportType;

function exposureKey(reportType: ReportType | null, change: Partial<ExposureKey> = {}): ExposureKey {
  const interval = { rollingStart: 2_880_000, rollingPeriod: 144 };
  return { keyData: new Uint8Array(16), ...interval, reportType, transmissionRisk: 1, daysSinceOnset: 0, ...change };
}

test.each([
  { original: likely, revision: confirmed, kind: "revise" },
  { original: likely, revision: revoked, kind: "revise" },
  { original: userReport, revision: likely, kind: "revise" },
  { original: null, revision: revoked, kind: "revise" },
  { original: confirmed, revision: confirmed, kind: "unchanged" },
  { original: confirmed, revision: revoked, kind: "refused" },
])("type $revision waited for type $original: $kind", ({ original, revision, kind }) => {
  expect(applyAwaited(exposureKey(original), exposureKey(revision)).kind).toBe(kind);
});

test("the values of the revision win", () => {
  const revision = exposureKey(confirmed, { transmissionRisk: null, daysSinceOnset: 5 });
  expect(applyAwaited(exposureKey(likely), revision)).toEqual({
    kind: "revise",
    reportType: confirmed,
    transmissionRisk: null,
    daysSinceOnset: 5,
  });
});

test("a revision for another interval does not apply", () => {
  expect(applyAwaited(exposureKey(likely), exposureKey(confirmed, { rollingPeriod: 10 }))).toEqual({
    kind: "refused",
    reason: "interval_mismatch",
  });
});

test("once applied, neither of the two changes anything when it comes again", () => {
  const anyKey = fc
    .record({
      reportType: fc.constantFrom(null, ...Object.values(ReportType)),
      transmissionRisk: fc.option(fc.integer({ min: 0, max: 8 })),
      rollingPeriod: fc.constantFrom(143, 144),
    })
    .map((change) => exposureKey(change.reportType, change));
  fc.assert(
    fc.property(anyKey, anyKey, (original, revision) => {
      const decision = applyAwaited(original, revision);
      const stored = { ...original, revision: decision.kind === "revise" ? decision : null };
      expect(mergeKey(stored, original, "owner")).toEqual({ kind: "unchanged" });
      if (decision.kind === "refused") expect(mergeKey(stored, revision, "owner")).toEqual(decision);
      else expect(mergeKey(stored, revision, "owner")).toEqual({ kind: "unchanged" });
    }),
  );
});
