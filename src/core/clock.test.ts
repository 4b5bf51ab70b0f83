// Tests of instants as people read them.

import { expect, test } from "vitest";
import { isoTime, isoTimeOrNull } from "./clock.ts";

test.each([
  [0, "1970-01-01T00:00:00Z"],
  [1_795_413_600, "2026-11-23T06:00:00Z"],
  [951_782_399, "2000-02-28T23:59:59Z"],
])("%i seconds read as %s", (at, text) => {
  expect(isoTime(at)).toBe(text);
  expect(isoTimeOrNull(at)).toBe(text);
});

test("no instant reads as none", () => {
  expect(isoTimeOrNull(null)).toBeNull();
});
