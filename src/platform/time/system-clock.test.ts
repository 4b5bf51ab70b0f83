// The real clock in whole seconds, and waits.

import { expect, test } from "vitest";
import { systemClock, systemPace } from "./system-clock.ts";

test("the system clock tells whole seconds between two looks at the process's own time", () => {
  const before = Math.floor((performance.timeOrigin + performance.now()) / 1_000);
  const now = systemClock.now();
  expect(Number.isInteger(now)).toBe(true);
  expect(Math.abs(now - before)).toBeLessThanOrEqual(2);
});

test.each([0, 0.4, 1.9, 3.7])("a wait of %d ms takes as long, to half a millisecond", async (milliseconds) => {
  const begunAt = performance.now();
  await systemPace.wait(milliseconds);
  expect(performance.now() - begunAt).toBeGreaterThan(milliseconds - 0.5);
});
