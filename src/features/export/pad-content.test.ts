// How many generated keys an archive gets, and what they look like.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ExposureKey, ReportType } from "../../core/exposure-key.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import type { Random } from "../../core/random.ts";
import { seededRandom } from "../../platform/random/seeded-random.ts";
import { padContent } from "./pad-content.ts";

const LIMITS = { minRecords: 20, paddingRange: 5, maxRecords: 1_000 };

const batches = (maxLength: number) =>
  fc
    .array(fc.tuple(fc.constantFrom(1, 2, 3, 5, null), fc.integer({ min: 0, max: 9 })), { maxLength })
    .map((values) => KeyBatch.from(values.map(([reportType, mark], at) => exposureKey(at, reportType, mark))));

function exposureKey(at: number, reportType: ExposureKey["reportType"], mark: number): ExposureKey {
  const keyData = new Uint8Array(16).fill(mark);
  keyData[0] = at;
  return {
    keyData,
    rollingStart: 100 + mark,
    rollingPeriod: 10 + mark,
    transmissionRisk: mark > 8 ? null : mark,
    reportType,
    daysSinceOnset: mark,
  };
}

/** Always the greatest, or always the least. */
const extreme = (greatest: boolean): Random => ({
  ...seededRandom(1),
  integer: (max) => (greatest ? max : 0),
});

describe("padding an archive", () => {
  test("E17: reaches the minimum with both lists together, never exceeds the maximum, and counts exactly", () => {
    fc.assert(
      fc.property(
        batches(30),
        batches(30),
        fc.record({
          minRecords: fc.integer({ min: 0, max: 40 }),
          paddingRange: fc.integer({ min: 0, max: 10 }),
          maxRecords: fc.integer({ min: 1, max: 80 }),
        }),
        fc.boolean(),
        (primaries, revised, limits, greatest) => {
          const present = primaries.length + revised.length;
          const { generated, sources } = padContent(primaries, revised, limits, extreme(greatest));
          expect(sources.length).toBe(generated.length);
          const needsNone = present === 0 || present >= limits.minRecords;
          const target = Math.min(limits.maxRecords, limits.minRecords + (greatest ? limits.paddingRange : 0));
          expect(generated.length).toBe(needsNone ? 0 : Math.max(0, target - present));
        },
      ),
    );
  });

  test("takes everything but the key bytes from its model, drawn at random", () => {
    const primaries = KeyBatch.from([exposureKey(0, ReportType.likely, 1), exposureKey(1, null, 9)]);
    const { generated, sources } = padContent(primaries, KeyBatch.empty, LIMITS, seededRandom(1));
    for (let at = 0; at < generated.length; at++) {
      expect({ ...generated.at(at), keyData: null }).toEqual({ ...sources.at(at), keyData: null });
    }
    const drawn = Array.from(sources, (_, at) => sources.keyHex(at));
    expect(new Set(drawn)).toEqual(new Set([primaries.keyHex(0), primaries.keyHex(1)]));
    // In turn they would alternate, and their proportions would tell how many there are.
    expect(drawn.some((keyHex, at) => keyHex === drawn[at + 1])).toBe(true);
    const names = new Set(Array.from(generated, (_, at) => generated.keyHex(at)));
    expect(names.size).toBe(generated.length);
  });

  test("E17: pads an archive of revised keys only, and never makes a revoked primary", () => {
    const revised = KeyBatch.from([exposureKey(0, ReportType.revoked, 1)]);
    const { generated } = padContent(KeyBatch.empty, revised, LIMITS, seededRandom(1));
    expect(generated.length).toBeGreaterThanOrEqual(19);
    expect(new Set(Array.from(generated, (key) => key.reportType))).toEqual(new Set([ReportType.confirmed]));
  });

  test("makes the size vary from archive to archive", () => {
    const primaries = KeyBatch.from([exposureKey(0, ReportType.likely, 1)]);
    const random = seededRandom(1);
    const sizes = Array.from(
      { length: 200 },
      () => padContent(primaries, KeyBatch.empty, LIMITS, random).generated.length,
    );
    expect([...new Set(sizes)].sort((a, b) => a - b)).toEqual([19, 20, 21, 22, 23, 24]);
  });
});
