// Tests of merging a key with the stored one (KS 5.5).

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ExposureKey, ReportType } from "./exposure-key.ts";
import { finalValues, type MergeDecision, mergeKey, type RevisableValues, type StoredKey } from "./merge-key.ts";

const { confirmed, likely, userReport, revoked } = ReportType;
type Type = ReportType | null;

const interval = { rollingStart: 2_880_000, rollingPeriod: 144 };
const values = (reportType: Type): RevisableValues => ({ reportType, transmissionRisk: 3, daysSinceOnset: 1 });

function storedKey(original: Type, revision?: Type): StoredKey {
  return { ...interval, ...values(original), revision: revision === undefined ? null : values(revision) };
}

function incomingKey(reportType: Type, change: Partial<ExposureKey> = {}): ExposureKey {
  return { keyData: new Uint8Array(16), ...interval, reportType, transmissionRisk: 6, daysSinceOnset: -2, ...change };
}

function outcome(decision: MergeDecision): string {
  return decision.kind === "refused" ? decision.reason : decision.kind;
}

describe("a key that was not revised yet", () => {
  test.each([
    { stored: likely, incoming: likely, result: "unchanged" },
    { stored: likely, incoming: confirmed, result: "revise" },
    { stored: likely, incoming: revoked, result: "revise" },
    { stored: likely, incoming: userReport, result: "transition_not_allowed" },
    { stored: likely, incoming: null, result: "transition_not_allowed" },
    { stored: userReport, incoming: userReport, result: "unchanged" },
    { stored: userReport, incoming: likely, result: "revise" },
    { stored: userReport, incoming: confirmed, result: "revise" },
    { stored: userReport, incoming: revoked, result: "revise" },
    { stored: userReport, incoming: null, result: "transition_not_allowed" },
    { stored: confirmed, incoming: confirmed, result: "unchanged" },
    { stored: confirmed, incoming: likely, result: "transition_not_allowed" },
    { stored: confirmed, incoming: revoked, result: "transition_not_allowed" },
    { stored: revoked, incoming: confirmed, result: "transition_not_allowed" },
    { stored: null, incoming: null, result: "unchanged" },
    { stored: null, incoming: likely, result: "transition_not_allowed" },
    { stored: null, incoming: confirmed, result: "revise" },
    { stored: null, incoming: revoked, result: "revise" },
  ])("of type $stored meets type $incoming: $result", ({ stored, incoming, result }) => {
    expect(outcome(mergeKey(storedKey(stored), incomingKey(incoming), true))).toBe(result);
  });
});

describe("a key that was revised", () => {
  test.each([
    ["the revision again", likely, confirmed, confirmed, true, "unchanged"],
    ["the revision again, from elsewhere", likely, confirmed, confirmed, false, "unchanged"],
    ["the superseded original again", likely, confirmed, likely, true, "unchanged"],
    ["the superseded original again, from elsewhere", likely, confirmed, likely, false, "unchanged"],
    ["a second revision", userReport, likely, revoked, true, "already_revised"],
    ["a second revision, from elsewhere", userReport, likely, revoked, false, "other_source"],
    ["its original, which had no type", null, revoked, null, true, "unchanged"],
  ])("meets %s", (_name, original, revision, incoming, incomingMayRevise, result) => {
    expect(outcome(mergeKey(storedKey(original, revision), incomingKey(incoming), incomingMayRevise))).toBe(result);
  });
});

describe("a stranger", () => {
  test("cannot revise", () => {
    expect(outcome(mergeKey(storedKey(likely), incomingKey(revoked), false))).toBe("other_source");
  });

  test("may deliver the same", () => {
    expect(outcome(mergeKey(storedKey(likely), incomingKey(likely), false))).toBe("unchanged");
  });
});

describe("a revision", () => {
  test("takes over the incoming values", () => {
    expect(mergeKey(storedKey(likely), incomingKey(confirmed), true)).toEqual({
      kind: "revise",
      reportType: confirmed,
      transmissionRisk: 6,
      daysSinceOnset: -2,
    });
  });

  test("leaves absent what it does not say", () => {
    const incoming = incomingKey(confirmed, { transmissionRisk: null, daysSinceOnset: null });
    expect(mergeKey(storedKey(likely), incoming, true)).toMatchObject({ transmissionRisk: null, daysSinceOnset: null });
  });

  test.each([[{ rollingStart: interval.rollingStart + 144 }], [{ rollingPeriod: 143 }]])(
    "with another interval, %o, is refused",
    (change) => {
      expect(outcome(mergeKey(storedKey(likely), incomingKey(confirmed, change), true))).toBe("interval_mismatch");
    },
  );
});

describe("the values in force", () => {
  test("are the original's until there is a revision", () => {
    expect(finalValues(storedKey(likely))).toEqual(values(likely));
  });

  test("are the revision's, even where they are absent", () => {
    const revision = { reportType: revoked, transmissionRisk: null, daysSinceOnset: null };
    expect(finalValues({ ...storedKey(likely), revision })).toEqual(revision);
  });
});

describe("any sequence of deliveries", () => {
  const anyType = fc.constantFrom<Type>(confirmed, likely, userReport, revoked, null);
  const anyDelivery = fc.record({
    reportType: anyType,
    transmissionRisk: fc.option(fc.integer({ min: 0, max: 8 })),
    daysSinceOnset: fc.option(fc.integer({ min: -14, max: 14 })),
  });

  test("revises at most once, and every delivery may come again without effect", () => {
    fc.assert(
      fc.property(anyType, fc.array(fc.tuple(anyDelivery, fc.boolean())), (original, deliveries) => {
        let stored = storedKey(original);
        let revisions = 0;
        for (const [delivery, mayRevise] of deliveries) {
          const incoming = { ...incomingKey(null), ...delivery };
          const decision = mergeKey(stored, incoming, mayRevise);
          if (decision.kind !== "revise") continue;
          revisions++;
          stored = { ...stored, revision: delivery };
          expect(finalValues(stored)).toEqual(delivery);
          expect(mergeKey(stored, incoming, mayRevise)).toEqual({ kind: "unchanged" });
        }
        expect(revisions).toBeLessThanOrEqual(1);
        expect(mergeKey(stored, incomingKey(original), false)).toEqual({ kind: "unchanged" });
      }),
    );
  });
});
