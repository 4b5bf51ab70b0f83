// Durations as people write them.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDuration, writeDuration } from "./parse-duration.ts";

test.each([
  ["10s", 10],
  ["15m", 900],
  ["4h", 14_400],
  ["14d", 1_209_600],
  ["1h30m", 5_400],
  ["336h", 1_209_600],
  ["0s", 0],
])("%s is a duration", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(["", "4", "h", "-4h", "4 h", "1.5h", "4H", "30m1h", "1h1h", "1w", "9999999999d"])('"%s" is none', (text) => {
  expect(parseDuration(text)).toBeNull();
});

describe("a written duration", () => {
  test("is read as the same, whatever it is", () => {
    fc.assert(
      fc.property(fc.nat({ max: 4_000_000_000 }), (seconds) => {
        expect(parseDuration(writeDuration(seconds))).toBe(seconds);
      }),
    );
  });

  test.each([
    [14_400, "4h"],
    [1_209_600, "14d"],
    [90, "1m30s"],
    [0, "0s"],
  ])("of %i seconds is %s", (seconds, text) => {
    expect(writeDuration(seconds)).toBe(text);
  });
});
