// Durations of the environment.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseDuration } from "./parse-duration.ts";

test.each([
  ["336h", 1_209_600],
  ["1h30m", 5_400],
  ["1h0m0s", 3_600],
  ["90s", 90],
  ["0.5h", 1_800],
  ["0", 0],
  ["90", 90],
])("%s is %i seconds", (text, seconds) => {
  expect(parseDuration(text)).toBe(seconds);
});

test.each(["", "h", "5d", "-5s", "-5", "1h-5m", "0.5s", "500ms", "5 s", "1e3s", "Infinity", "9".repeat(50)])(
  "%j is no duration",
  (text) => {
    expect(parseDuration(text)).toBeNull();
  },
);

test("whatever comes in, the answer is null or whole seconds", () => {
  const text = fc.string({ unit: fc.constantFrom("1", "0", ".", "h", "m", "s", "-", "x"), maxLength: 60 });
  fc.assert(
    fc.property(text, (value) => {
      const seconds = parseDuration(value);
      expect(seconds === null || (Number.isSafeInteger(seconds) && seconds >= 0)).toBe(true);
    }),
  );
});

test("hours, minutes and seconds add up", () => {
  const part = fc.integer({ min: 0, max: 1_000 });
  fc.assert(
    fc.property(part, part, part, (hours, minutes, seconds) => {
      expect(parseDuration(`${hours}h${minutes}m${seconds}s`)).toBe(hours * 3_600 + minutes * 60 + seconds);
    }),
  );
});
