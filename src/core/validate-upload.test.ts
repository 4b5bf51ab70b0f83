// Tests of the rules for a whole upload (KS 3.6-3.8).

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "./clock.ts";
import { ReportType } from "./exposure-key.ts";
import { intervalNumber } from "./intervals.ts";
import { DEFAULT_UPLOAD_LIMITS, type Upload, type UploadedKey, validateUpload } from "./validate-upload.ts";

const now = 20_000 * DAY + 10 * HOUR;
const today = intervalNumber(20_000 * DAY);
const onsetInterval = today - 4 * 144;

function uploaded(daysAgo: number, change: Partial<UploadedKey> = {}): UploadedKey {
  const keyData = new Uint8Array(16).fill(daysAgo);
  return { keyData, rollingStart: today - daysAgo * 144, rollingPeriod: 144, transmissionRisk: 0, ...change };
}

function uploadOf(exposureKeys: readonly UploadedKey[], change: Partial<Upload> = {}): Upload {
  return { exposureKeys, reportType: ReportType.confirmed, onsetInterval, ...change };
}

function codeOfUpload(exposureKeys: readonly UploadedKey[], limits = DEFAULT_UPLOAD_LIMITS): string {
  const verdict = validateUpload(uploadOf(exposureKeys), now, limits);
  return verdict.kind === "refused" ? verdict.code : "accepted";
}

describe("a key that is kept", () => {
  test("gets type, risk and onset of the upload", () => {
    expect(validateUpload(uploadOf([uploaded(3)]), now)).toEqual({
      kind: "judged",
      kept: [
        {
          index: 0,
          exposureKey: {
            keyData: new Uint8Array(16).fill(3),
            rollingStart: today - 3 * 144,
            rollingPeriod: 144,
            transmissionRisk: 2,
            reportType: ReportType.confirmed,
            daysSinceOnset: 1,
          },
        },
      ],
      refused: [],
    });
  });

  test("lasts a day when it names no period", () => {
    const verdict = validateUpload(uploadOf([uploaded(3, { rollingPeriod: undefined })]), now);
    expect(verdict).toMatchObject({ kept: [{ exposureKey: { rollingPeriod: 144 } }] });
  });

  test("has neither type nor risk when neither certificate nor phone states them", () => {
    const upload = uploadOf([uploaded(3, { transmissionRisk: undefined })], { reportType: null });
    expect(validateUpload(upload, now)).toMatchObject({
      kept: [{ exposureKey: { reportType: null, transmissionRisk: null } }],
    });
  });
});

describe("a key that is refused", () => {
  test.each<[string, Partial<UploadedKey>]>([
    ["key_length", { keyData: new Uint8Array(15) }],
    ["rolling_start_missing", { rollingStart: undefined }],
    ["rolling_start_range", { rollingStart: -1 }],
    ["rolling_period_range", { rollingPeriod: 0 }],
    ["transmission_risk_range", { transmissionRisk: 9 }],
    ["too_old", { rollingStart: today - 17 * 144 }],
    ["in_future", { rollingStart: today + 144 }],
  ])("%s leaves its neighbours and is named by its position in the request", (reason, change) => {
    const verdict = validateUpload(uploadOf([uploaded(2), uploaded(3, change), uploaded(1)]), now);
    expect(verdict).toMatchObject({
      kind: "judged",
      kept: [{ index: 0 }, { index: 2 }],
      refused: [{ index: 1, reason }],
    });
  });

  test("for its distance from the onset is named too", () => {
    const upload = uploadOf([uploaded(1), uploaded(14)], { onsetInterval: today + 143 });
    expect(validateUpload(upload, now)).toMatchObject({ kind: "judged", refused: [] });
    expect(validateUpload({ ...upload, onsetInterval: today + 144 }, now)).toMatchObject({
      kept: [{ index: 0 }],
      refused: [{ index: 1, reason: "onset_range" }],
    });
  });

  test("does not count for the rules about the whole", () => {
    const broken = uploaded(1, { transmissionRisk: 9, rollingStart: today - 200 });
    expect(codeOfUpload([uploaded(1), broken])).toBe("accepted");
  });
});

describe("the whole upload", () => {
  const thirty = Array.from({ length: 30 }, (_, index) =>
    uploaded(0, { rollingStart: today - index, rollingPeriod: 1 }),
  );

  test.each<[string, readonly UploadedKey[], string]>([
    ["no key", [], "no_keys"],
    ["30 keys", thirty, "accepted"],
    ["31 keys", [...thirty, uploaded(2)], "too_many_keys"],
    ["keys back to back, in any order", [uploaded(1), uploaded(3), uploaded(2)], "accepted"],
    ["keys with gaps", [uploaded(1), uploaded(5)], "accepted"],
    ["a key that begins within another", [uploaded(2), uploaded(1, { rollingStart: today - 145 })], "keys_overlap"],
    [
      "three keys of one start",
      [uploaded(1), uploaded(1, { rollingPeriod: 9 }), uploaded(1, { rollingPeriod: 70 }), uploaded(0)],
      "accepted",
    ],
    ["four keys of one start", [uploaded(1), uploaded(1), uploaded(1), uploaded(1)], "too_many_keys_with_same_start"],
    [
      "a key that begins within the longest of one start",
      [uploaded(1), uploaded(1, { rollingPeriod: 9 }), uploaded(1, { rollingStart: today - 100, rollingPeriod: 9 })],
      "keys_overlap",
    ],
  ])("%s", (_name, exposureKeys, expected) => {
    expect(codeOfUpload(exposureKeys)).toBe(expected);
  });

  test("obeys the settings", () => {
    expect(codeOfUpload([uploaded(1), uploaded(2)], { ...DEFAULT_UPLOAD_LIMITS, maxExposureKeys: 1 })).toBe(
      "too_many_keys",
    );
    expect(codeOfUpload([uploaded(1), uploaded(1)], { ...DEFAULT_UPLOAD_LIMITS, maxSameStart: 1 })).toBe(
      "too_many_keys_with_same_start",
    );
  });
});

describe("whatever is sent", () => {
  const anyUploaded: fc.Arbitrary<UploadedKey> = fc.record({
    keyData: fc.uint8Array({ minLength: 15, maxLength: 16 }),
    rollingStart: fc.option(fc.integer({ min: today - 2_400, max: today + 200 }), { nil: undefined }),
    rollingPeriod: fc.option(fc.integer({ min: 0, max: 145 }), { nil: undefined }),
    transmissionRisk: fc.option(fc.integer({ min: -1, max: 9 }), { nil: undefined }),
  });
  const anyUpload = fc.array(anyUploaded, { minLength: 1, maxLength: 6 });

  test("each key is kept or refused, in the order of the request", () => {
    fc.assert(
      fc.property(anyUpload, (exposureKeys) => {
        const verdict = validateUpload(uploadOf(exposureKeys), now);
        if (verdict.kind === "refused") return;
        const indexes = [...verdict.kept, ...verdict.refused].map(({ index }) => index);
        expect(indexes.toSorted((a, b) => a - b)).toEqual([...exposureKeys.keys()]);
        expect(verdict.kept.map(({ index }) => index)).toEqual(
          indexes.slice(0, verdict.kept.length).toSorted((a, b) => a - b),
        );
        for (const { index, exposureKey } of verdict.kept) {
          expect(exposureKey.keyData).toBe(exposureKeys[index]?.keyData);
        }
      }),
    );
  });

  test("kept keys of different starts do not overlap", () => {
    fc.assert(
      fc.property(anyUpload, (exposureKeys) => {
        const verdict = validateUpload(uploadOf(exposureKeys), now);
        if (verdict.kind === "refused") return;
        for (const { exposureKey: earlier } of verdict.kept) {
          for (const { exposureKey: later } of verdict.kept) {
            if (later.rollingStart <= earlier.rollingStart) continue;
            expect(later.rollingStart).toBeGreaterThanOrEqual(earlier.rollingStart + earlier.rollingPeriod);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("the order of the keys does not change what is kept", () => {
    fc.assert(
      fc.property(anyUpload, (exposureKeys) => {
        const verdict = validateUpload(uploadOf(exposureKeys), now);
        const reversed = validateUpload(uploadOf(exposureKeys.toReversed()), now);
        expect(reversed.kind).toBe(verdict.kind);
        if (verdict.kind === "refused" || reversed.kind === "refused") return;
        expect(reversed.kept.map(({ exposureKey }) => exposureKey).toReversed()).toEqual(
          verdict.kept.map(({ exposureKey }) => exposureKey),
        );
      }),
    );
  });
});
