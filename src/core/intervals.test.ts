// Tests of interval arithmetic (KS 0.4).

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "./clock.ts";
import { daysBetween, INTERVALS_PER_DAY, intervalNumber, intervalStart, truncateWindow } from "./intervals.ts";

const instant = fc.integer({ min: 0, max: 2 ** 33 });
const midnight = 20_000 * INTERVALS_PER_DAY;

test("an interval holds its start and the 599 seconds after it", () => {
  expect(intervalStart(3)).toBe(1_800);
  expect([1_799, 1_800, 2_399, 2_400].map(intervalNumber)).toEqual([2, 3, 3, 4]);
});

test("every instant lies in the interval of its number", () => {
  fc.assert(
    fc.property(instant, (at) => {
      const sinceStart = at - intervalStart(intervalNumber(at));
      expect(sinceStart).toBeGreaterThanOrEqual(0);
      expect(sinceStart).toBeLessThan(600);
    }),
  );
});

describe("truncating to a window", () => {
  test.each([
    ["a moment within an hour", 7 * HOUR + 1, HOUR, 7 * HOUR],
    ["the start of an hour", 7 * HOUR, HOUR, 7 * HOUR],
    ["a moment within a day", 3 * DAY + 5, DAY, 3 * DAY],
    // 1970-01-01 was a Thursday; the year 1 began on a Monday.
    ["a week, counted from the year 1", 0, 7 * DAY, -3 * DAY],
  ])("%s", (_name, at, window, expected) => {
    expect(truncateWindow(at, window)).toBe(expected);
  });

  test("gives the latest multiple that is not later", () => {
    fc.assert(
      fc.property(instant, fc.constantFrom(1, 60, 900, HOUR, 4 * HOUR, DAY), (at, window) => {
        const truncated = truncateWindow(at, window);
        expect(truncated % window).toBe(0);
        expect(at - truncated).toBeGreaterThanOrEqual(0);
        expect(at - truncated).toBeLessThan(window);
      }),
    );
  });
});

describe("days between two intervals", () => {
  test.each([
    ["the same interval", midnight, midnight, 0],
    ["the last interval of the same day", midnight, midnight + 143, 0],
    ["the next midnight", midnight + 143, midnight + 144, 1],
    ["25 hours before midnight", midnight, midnight - 25 * 6, -2],
    ["47 hours before midnight", midnight, midnight - 47 * 6, -2],
    ["48 hours before midnight", midnight, midnight - 48 * 6, -2],
    ["14 days later", midnight, midnight + 14 * 144, 14],
  ])("%s", (_name, from, to, days) => {
    expect(daysBetween(from, to)).toBe(days);
  });
});
