// Made-up exposure keys are ones that a phone could have made and that every server takes.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY } from "../../core/clock.ts";
import { ReportType, refusalOfForm } from "../../core/exposure-key.ts";
import { intervalStart } from "../../core/intervals.ts";
import { mayBecome } from "../../core/report-type.ts";
import { refusalOfImport, refusalOfUploadAge } from "../../core/validate-key.ts";
import { seededRandom } from "../../platform/random/seeded-random.ts";
import { type GenerationSettings, generateKeys } from "./generate-keys.ts";

const NOW = 1_795_132_800;
const { confirmed, likely, userReport, revoked } = ReportType;

function generate(changes: Partial<GenerationSettings>, seed = 1, now = NOW) {
  const settings = { persons: 100, keysPerPerson: 3, reportType: "mixed" as const, revisedShare: 0, ...changes };
  return generateKeys(settings, now, seededRandom(seed));
}

describe("generated keys", () => {
  test("are accepted as uploads and as imports, and so are their revisions", () => {
    const types = fc.constantFrom("likely" as const, "user-report" as const, "mixed" as const);
    const counts = { persons: fc.integer({ min: 1, max: 20 }), keysPerPerson: fc.integer({ min: 1, max: 14 }) };
    const arbitrary = fc.record({
      ...counts,
      reportType: types,
      revisedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const moment = fc.integer({ min: NOW, max: NOW + 3 * DAY });
    fc.assert(
      fc.property(arbitrary, moment, fc.nat(), (settings, now, seed) => {
        const { keys, revisions } = generate(settings, seed, now);
        expect(keys.length).toBe(settings.persons * settings.keysPerPerson);
        const byName = new Map(Array.from(keys, (key, at) => [keys.keyHex(at), key]));
        expect(byName.size).toBe(keys.length);
        for (const key of keys) {
          expect(refusalOfForm(formOf(key))).toBeNull();
          expect(refusalOfUploadAge(key, now)).toBeNull();
          expect(refusalOfImport(key, "primary", now, now)).toBeNull();
          expect(intervalStart(key.rollingStart + key.rollingPeriod)).toBeLessThanOrEqual(now);
        }
        for (const [at, revision] of [...revisions].entries()) {
          const original = byName.get(revisions.keyHex(at));
          expect(original).toMatchObject({
            rollingStart: revision.rollingStart,
            rollingPeriod: revision.rollingPeriod,
          });
          expect(mayBecome(original?.reportType ?? null, revision.reportType)).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("are of consecutive whole days before today, a person's with one type and one onset", () => {
    const { keys } = generate({ persons: 50, keysPerPerson: 14 });
    for (let person = 0; person < 50; person++) {
      const own = Array.from(keys.slice(person * 14, person * 14 + 14));
      expect(own.map(({ rollingStart }) => intervalStart(rollingStart))).toEqual(
        own.map((_, day) => NOW - (day + 1) * DAY),
      );
      expect(new Set(own.map(({ reportType }) => reportType)).size).toBe(1);
      expect(new Set(own.map(({ daysSinceOnset }, day) => (daysSinceOnset ?? 99) + day)).size).toBe(1);
    }
  });

  test.each([
    ["confirmed", [confirmed]],
    ["likely", [likely]],
    ["user-report", [userReport]],
    ["mixed", [confirmed, likely, userReport]],
  ] as const)("of the type %s have it", (reportType, expected) => {
    const { keys } = generate({ reportType });
    expect(typesOf(keys)).toEqual(new Set(expected));
  });

  test("are revised for the share of persons that was asked for, to either end", () => {
    const { revisions } = generate({ persons: 2_000, keysPerPerson: 2, revisedShare: 0.3 });
    expect(revisions.length / 2).toBeGreaterThan(500);
    expect(revisions.length / 2).toBeLessThan(700);
    expect(typesOf(revisions)).toEqual(new Set([confirmed, revoked]));
    expect(generate({ revisedShare: 1 }).revisions.length).toBe(300);
    expect(generate({ revisedShare: 0 }).revisions.length).toBe(0);
  });

  test("are the same for the same seed and others for another", () => {
    expect(generate({}, 4).keys.bytes).toEqual(generate({}, 4).keys.bytes);
    expect(generate({}, 4).keys.bytes).not.toEqual(generate({}, 5).keys.bytes);
  });
});

function typesOf(keys: ReturnType<typeof generate>["keys"]) {
  return new Set(Array.from(keys, ({ reportType }) => reportType));
}

function formOf(key: ReturnType<ReturnType<typeof generate>["keys"]["at"]>) {
  const { transmissionRisk, reportType, daysSinceOnset } = key;
  return {
    ...key,
    transmissionRisk: transmissionRisk ?? undefined,
    reportType: reportType ?? undefined,
    daysSinceOnset: daysSinceOnset ?? undefined,
  };
}
