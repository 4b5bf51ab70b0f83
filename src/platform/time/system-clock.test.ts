// The real clock in whole seconds.

import { expect, test } from "vitest";
import { systemClock } from "./system-clock.ts";

test("the system clock tells whole seconds between two looks at the process's own time", () => {
  const before = Math.floor((performance.timeOrigin + performance.now()) / 1_000);
  const now = systemClock.now();
  expect(Number.isInteger(now)).toBe(true);
  expect(Math.abs(now - before)).toBeLessThanOrEqual(2);
});
