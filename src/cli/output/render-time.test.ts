// Ages for people.

import { expect, test } from "vitest";
import { renderAge, renderInstant } from "./render-time.ts";

const NOW = 1_795_514_400;

test.each([
  ["2026-11-24T10:00:00Z", "now"],
  ["2026-11-24T09:59:15Z", "45s ago"],
  ["2026-11-24T09:57:00Z", "3m ago"],
  ["2026-11-24T05:00:00Z", "5h ago"],
  ["2026-11-21T10:00:00Z", "3d ago"],
  ["2026-11-24T11:30:00Z", "in 90m"],
  [null, "-"],
])("%s is %s", (at, age) => {
  expect(renderAge(at, NOW)).toBe(age);
});

test("an instant is shown with its age", () => {
  expect(renderInstant("2026-11-24T09:57:00Z", NOW)).toBe("2026-11-24T09:57:00Z (3m ago)");
  expect(renderInstant(null, NOW)).toBe("-");
});
