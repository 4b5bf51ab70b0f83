// Instants as people write them.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isoTime } from "../../core/clock.ts";
import { parseInstant } from "./parse-instant.ts";

const NOW = 1_795_514_400;

test.each([
  ["now", 0],
  ["+1h", 3_600],
  ["-3d", -259_200],
  ["2026-11-24T10:00:00Z", 0],
  ["2026-11-24T10:01Z", 60],
  ["2026-11-24", -36_000],
])("%s is an instant", (text, fromNow) => {
  expect(parseInstant(text, NOW)).toBe(NOW + fromNow);
});

test.each([
  "",
  "yesterday",
  "+",
  "1h",
  "2026-11-24T10:00:00",
  "2026-11-24T10:00:00+01:00",
  "2026-13-01",
  "2026-02-30",
  "2026-11-24T25:00:00Z",
  "10:00",
])('"%s" is none', (text) => {
  expect(parseInstant(text, NOW)).toBeNull();
});

test("what the API writes is read as the same", () => {
  fc.assert(
    fc.property(fc.nat({ max: 4_000_000_000 }), (at) => {
      expect(parseInstant(isoTime(at), NOW)).toBe(at);
    }),
  );
});
