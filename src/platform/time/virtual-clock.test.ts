// The virtual clock moves on request only, and never back by accident.

import { expect, test } from "vitest";
import { createVirtualClock } from "./virtual-clock.ts";

test("it stands still until it is set or advanced", () => {
  const clock = createVirtualClock(1_000);
  expect(clock.now()).toBe(1_000);
  clock.set(1_500);
  clock.advance(20);
  expect(clock.now()).toBe(1_520);
});

test("set and advance do not run back, and leave the time as it was", () => {
  const clock = createVirtualClock(1_000);
  expect(() => clock.set(999)).toThrow(RangeError);
  expect(() => clock.advance(-1)).toThrow(RangeError);
  expect(clock.now()).toBe(1_000);
});

test("jump goes back when told to", () => {
  const clock = createVirtualClock(1_000);
  clock.jump(400);
  expect(clock.now()).toBe(400);
});

test("parts of seconds are refused", () => {
  const clock = createVirtualClock(1_000);
  expect(() => clock.set(1_000.5)).toThrow(RangeError);
  expect(() => clock.jump(Number.NaN)).toThrow(RangeError);
  expect(() => createVirtualClock(0.5)).toThrow(RangeError);
});
