// Ages for people: the same distance reads alike behind and ahead, and each unit begins where there are two of it.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR, isoTime, MINUTE } from "../../core/clock.ts";
import { renderAge, renderDuration, renderInstant, renderSince } from "./render-time.ts";

const NOW = 1_795_514_400;
const BOUNDARIES: readonly (readonly [number, string])[] = [
  [1, "1 s"],
  [2 * MINUTE - 1, "119 s"],
  [2 * MINUTE, "2 min"],
  [2 * MINUTE + 29, "2 min"],
  [2 * MINUTE + 30, "3 min"],
  [2 * HOUR - 31, "119 min"],
  [2 * HOUR - 30, "2 h"],
  [2 * HOUR, "2 h"],
  [2 * DAY - HOUR / 2 - 1, "47 h"],
  [2 * DAY - HOUR / 2, "2 days"],
  [2 * DAY, "2 days"],
  [2.5 * DAY, "3 days"],
  [400 * DAY, "400 days"],
];

describe.each(BOUNDARIES)("%i seconds", (seconds, text) => {
  test("behind, ahead, and alone", () => {
    expect(renderAge(isoTime(NOW - seconds), NOW)).toBe(`${text} ago`);
    expect(renderAge(isoTime(NOW + seconds), NOW)).toBe(`in ${text}`);
    expect(renderDuration(seconds)).toBe(text);
  });
});

test("nothing is a dash, and this moment is now", () => {
  expect(renderAge(null, NOW)).toBe("-");
  expect(renderInstant(null, NOW)).toBe("-");
  expect(renderAge(isoTime(NOW), NOW)).toBe("now");
  expect(renderInstant(isoTime(NOW + 180), NOW)).toBe("2026-11-24T10:03:00Z (in 3 min)");
});

test("what has happened is never still to come", () => {
  expect(renderSince(null, NOW)).toBe("-");
  expect(renderSince(isoTime(NOW - 180), NOW)).toBe("3 min ago");
  expect(renderSince(isoTime(NOW + 47 * HOUR), NOW)).toBe("47 h ahead of the clock");
});

test("what is said is never further from the truth than half of its unit", () => {
  const units: Readonly<Record<string, number>> = { s: 1, min: MINUTE, h: HOUR, days: DAY };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000 * DAY }), (seconds) => {
      const [amount, unit = ""] = renderDuration(seconds).split(" ");
      const size = units[unit] ?? Number.NaN;
      expect(Math.abs(Number(amount) * size - seconds)).toBeLessThanOrEqual(size / 2);
    }),
  );
});
