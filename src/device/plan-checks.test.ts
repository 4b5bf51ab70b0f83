// When phones check, and when they get another key.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../core/clock.ts";
import type { Random } from "../core/random.ts";
import { type CheckRhythm, planChecks } from "./plan-checks.ts";
import { rollOutTrust } from "./roll-out-trust.ts";
import { makeSigner } from "./testing/make-archive.ts";
import { keysAt } from "./verifier.ts";

/** Draws as a formula of the seed, which is enough here. */
function createRandom(seed: number): Random {
  let state = seed;
  const integer = (max: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % (max + 1);
  };
  return { integer, bytes: (count) => Uint8Array.from({ length: count }, () => integer(255)) };
}

const RHYTHM: CheckRhythm = { from: 0, until: 14 * DAY, pollSeconds: 4 * HOUR, jitterSeconds: HOUR };

const rhythms = fc.record({
  from: fc.nat(1_000),
  until: fc.nat(3_000),
  pollSeconds: fc.integer({ min: 1, max: 400 }),
  jitterSeconds: fc.nat(399),
  away: fc.array(
    fc.record({ from: fc.nat(3_000), length: fc.nat(500) }).map(({ from, length }) => ({ from, until: from + length })),
    { maxLength: 3 },
  ),
});

describe("DB 8, polling period and jitter", () => {
  test("checks come in every period, rising, inside the span, and never in an absence", () => {
    fc.assert(
      fc.property(rhythms, fc.nat(), (drawn, seed) => {
        const rhythm = { ...drawn, jitterSeconds: Math.min(drawn.jitterSeconds, drawn.pollSeconds - 1) };
        const times = planChecks(createRandom(seed), rhythm);
        expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        for (const time of times) {
          expect(time >= rhythm.from && time < rhythm.until).toBe(true);
          expect(rhythm.away.some(({ from, until }) => from <= time && time < until)).toBe(false);
        }
      }),
    );
  });

  test("the same draws give the same checks, other draws give others", () => {
    expect(planChecks(createRandom(1), RHYTHM)).toEqual(planChecks(createRandom(1), RHYTHM));
    expect(planChecks(createRandom(1), RHYTHM)).not.toEqual(planChecks(createRandom(2), RHYTHM));
  });

  test("two checks are at most one period and one jitter apart", () => {
    const times = planChecks(createRandom(3), RHYTHM);
    expect(times).toHaveLength(84);
    for (const [index, time] of times.entries()) {
      expect(time - (times[index - 1] ?? 0)).toBeLessThanOrEqual(5 * HOUR);
    }
  });

  test("without jitter the rhythm is even", () => {
    const [first = 0, ...others] = planChecks(createRandom(4), { ...RHYTHM, jitterSeconds: 0 });
    expect(others).toEqual(others.map((_, index) => first + (index + 1) * 4 * HOUR));
  });

  test("a phone that was off for days checks once as soon as it is back; its other checks stay", () => {
    const away = [{ from: 2 * DAY, until: 5 * DAY }];
    const usual = planChecks(createRandom(5), RHYTHM);
    const times = planChecks(createRandom(5), { ...RHYTHM, away });
    const elsewhere = usual.filter((time) => time < 2 * DAY || time >= 5 * DAY);
    expect(times).toEqual([...new Set([...elsewhere, 5 * DAY])].sort((a, b) => a - b));
  });

  test("of a phone that does not come back nothing is planned", () => {
    expect(planChecks(createRandom(6), { ...RHYTHM, away: [{ from: 0, until: 20 * DAY }] })).toEqual([]);
  });

  test.each([
    ["no period", { pollSeconds: 0, jitterSeconds: 0 }],
    ["a jitter as long as the period", { pollSeconds: 60, jitterSeconds: 60 }],
    ["a jitter below 0", { pollSeconds: 60, jitterSeconds: -1 }],
    ["not a number", { pollSeconds: Number.NaN, jitterSeconds: 0 }],
  ])("%s is refused", (_case, wrong) => {
    expect(() => planChecks(createRandom(1), { ...RHYTHM, ...wrong })).toThrow(RangeError);
  });
});

describe("DB 6.1, 6.2, a phone comes to the next key", () => {
  const [old, next] = [makeSigner("310", "v1").trusted, makeSigner("310", "v2").trusted];
  const versionsAt = (oldKey: "replaced" | "kept", at: number): string[] =>
    keysAt(rollOutTrust(createRandom(7), { old, next, from: 100, until: 200, oldKey }), at).map((set) =>
      set.map(({ keyVersion }) => keyVersion).join(),
    );

  test("replaced: always exactly one key, the old one before and the next one after", () => {
    expect(versionsAt("replaced", 99)).toEqual(["v1"]);
    expect(versionsAt("replaced", 200)).toEqual(["v2"]);
    for (let at = 99; at <= 200; at++) expect(versionsAt("replaced", at)).toHaveLength(1);
  });

  test("kept: the next key is one more alternative", () => {
    expect(versionsAt("kept", 99)).toEqual(["v1"]);
    expect(versionsAt("kept", 200)).toEqual(["v1", "v2"]);
  });

  test("every phone has its own instant within the roll-out", () => {
    const arrivals = Array.from({ length: 50 }, (_, seed) => {
      const sets = rollOutTrust(createRandom(seed), { old, next, from: 100, until: 200, oldKey: "kept" });
      return sets[1]?.[0]?.from ?? 0;
    });
    expect(Math.min(...arrivals)).toBeGreaterThanOrEqual(100);
    expect(Math.max(...arrivals)).toBeLessThanOrEqual(200);
    expect(new Set(arrivals).size).toBeGreaterThan(10);
  });

  test("a roll-out that ends before it begins is refused", () => {
    expect(() => rollOutTrust(createRandom(1), { old, next, from: 2, until: 1, oldKey: "kept" })).toThrow(RangeError);
  });
});
