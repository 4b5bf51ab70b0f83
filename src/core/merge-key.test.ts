// Tests of merging a key with the stored one (KS 5.5).

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ExposureKey, ReportType } from "./exposure-key.ts";
import {
  finalValues,
  isEarlierState,
  type KeyRight,
  type MergeDecision,
  mergeKey,
  type RevisableValues,
  type StoredKey,
} from "./merge-key.ts";

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
    expect(outcome(mergeKey(storedKey(stored), incomingKey(incoming), "owner"))).toBe(result);
  });
});

describe("a key that was revised", () => {
  test.each([
    ["the revision again", likely, confirmed, confirmed, "owner", "unchanged"],
    ["the revision again, from elsewhere", likely, confirmed, confirmed, "none", "unchanged"],
    ["the superseded original again", likely, confirmed, likely, "owner", "unchanged"],
    ["the superseded original again, from elsewhere", likely, confirmed, likely, "none", "unchanged"],
    ["a second revision", userReport, likely, revoked, "owner", "already_revised"],
    ["a second revision, from elsewhere", userReport, likely, revoked, "none", "other_source"],
    ["its original, which had no type", null, revoked, null, "owner", "unchanged"],
  ] as const)("meets %s", (_name, original, revision, incoming, right, result) => {
    expect(outcome(mergeKey(storedKey(original, revision), incomingKey(incoming), right))).toBe(result);
  });
});

describe("a stranger", () => {
  test("cannot revise", () => {
    expect(outcome(mergeKey(storedKey(likely), incomingKey(revoked), "none"))).toBe("other_source");
  });

  test("may deliver the same", () => {
    expect(outcome(mergeKey(storedKey(likely), incomingKey(likely), "none"))).toBe("unchanged");
  });
});

describe("a claimant", () => {
  test.each([
    ["strengthens", likely, confirmed, "revise"],
    ["strengthens a little", userReport, likely, "revise"],
    ["does not withdraw", likely, revoked, "other_source"],
    ["does not weaken", confirmed, likely, "transition_not_allowed"],
  ])("%s", (_what, original, incoming, result) => {
    expect(outcome(mergeKey(storedKey(original), incomingKey(incoming), "claimant"))).toBe(result);
  });

  test("revises nothing that was revised", () => {
    expect(outcome(mergeKey(storedKey(userReport, likely), incomingKey(confirmed), "claimant"))).toBe(
      "already_revised",
    );
  });
});

describe("what a claimant said", () => {
  test.each([
    ["is withdrawn by an owner, even a confirmed test", likely, confirmed, revoked, "revise"],
    ["is strengthened by an owner", userReport, likely, confirmed, "revise"],
    ["is not weakened by an owner", userReport, confirmed, likely, "transition_not_allowed"],
    ["comes to nothing new when an owner repeats it", userReport, confirmed, confirmed, "unchanged"],
  ])("%s", (_what, original, revision, incoming, result) => {
    const stored = { ...storedKey(original, revision), isClaimantsWord: true };
    expect(outcome(mergeKey(stored, incomingKey(incoming), "owner"))).toBe(result);
  });

  test("as the original, is withdrawn by an owner", () => {
    const stored = { ...storedKey(confirmed), isClaimantsWord: true };
    expect(outcome(mergeKey(stored, incomingKey(revoked), "owner"))).toBe("revise");
  });

  test("binds other claimants", () => {
    const stored = { ...storedKey(likely, confirmed), isClaimantsWord: true };
    expect(outcome(mergeKey(stored, incomingKey(revoked), "claimant"))).toBe("other_source");
  });
});

test.each([
  [likely, confirmed, true],
  [likely, revoked, true],
  [confirmed, likely, false],
  [confirmed, confirmed, false],
])("type %s is an earlier state where %s stands: %s", (incoming, standing, result) => {
  expect(isEarlierState(storedKey(userReport, standing), incoming)).toBe(result);
});

describe("a revision", () => {
  test("takes over the incoming values", () => {
    expect(mergeKey(storedKey(likely), incomingKey(confirmed), "owner")).toEqual({
      kind: "revise",
      reportType: confirmed,
      transmissionRisk: 6,
      daysSinceOnset: -2,
    });
  });

  test("leaves absent what it does not say", () => {
    const incoming = incomingKey(confirmed, { transmissionRisk: null, daysSinceOnset: null });
    expect(mergeKey(storedKey(likely), incoming, "owner")).toMatchObject({
      transmissionRisk: null,
      daysSinceOnset: null,
    });
  });

  test.each([[{ rollingStart: interval.rollingStart + 144 }], [{ rollingPeriod: 143 }]])(
    "with another interval, %o, is refused",
    (change) => {
      expect(outcome(mergeKey(storedKey(likely), incomingKey(confirmed, change), "owner"))).toBe("interval_mismatch");
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
  const anyRight = fc.constantFrom<KeyRight>("owner", "claimant", "none");
  const anyType = fc.constantFrom<Type>(confirmed, likely, userReport, revoked, null);
  const anyDelivery = fc.record({
    reportType: anyType,
    transmissionRisk: fc.option(fc.integer({ min: 0, max: 8 })),
    daysSinceOnset: fc.option(fc.integer({ min: -14, max: 14 })),
  });

  test("revises at most once, and every delivery may come again without effect", () => {
    fc.assert(
      fc.property(anyType, fc.array(fc.tuple(anyDelivery, anyRight)), (original, deliveries) => {
        let stored = storedKey(original);
        let revisions = 0;
        for (const [delivery, right] of deliveries) {
          const incoming = { ...incomingKey(null), ...delivery };
          const decision = mergeKey(stored, incoming, right);
          if (decision.kind !== "revise") continue;
          revisions++;
          stored = { ...stored, revision: delivery };
          expect(finalValues(stored)).toEqual(delivery);
          expect(mergeKey(stored, incoming, right)).toEqual({ kind: "unchanged" });
        }
        expect(revisions).toBeLessThanOrEqual(1);
        expect(mergeKey(stored, incomingKey(original), "none")).toEqual({ kind: "unchanged" });
      }),
    );
  });
});
