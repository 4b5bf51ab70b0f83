// Faults strike where and when they are planned, once, and are counted.

import { expect, test } from "vitest";
import { createVirtualClock } from "../../platform/time/virtual-clock.ts";
import type { EffectFault } from "./fault.ts";
import { createInjector } from "./injector.ts";

const FAULT: EffectFault = {
  kind: "dies-before",
  site: "state",
  operation: "commit",
  activity: null,
  notBefore: 100,
  passes: 1,
};
const effect = { site: "state", activity: "export", operation: "commit" } as const;

function make(...faults: EffectFault[]) {
  const clock = createVirtualClock(100);
  const injector = createInjector(faults, clock);
  injector.wake();
  return { clock, injector };
}

test("after the effects that it lets through, and not again", () => {
  const { injector } = make(FAULT);
  expect([1, 2, 3].map(() => injector.meet(effect))).toEqual([null, "dies-before", null]);
  expect([...injector.struckAt]).toEqual([["state export commit dies-before", 1]]);
  expect([...injector.effects]).toEqual([["state export commit", 3]]);
});

test("nowhere else, and not before its time", () => {
  const { clock, injector } = make({ ...FAULT, passes: 0, notBefore: 200 });
  expect(injector.meet(effect)).toBeNull();
  clock.advance(100);
  expect(injector.meet({ ...effect, site: "nation" })).toBeNull();
  expect(injector.meet({ ...effect, operation: "write" })).toBeNull();
  expect(injector.meet(effect)).toBe("dies-before");
});

test("in the activity that it names only", () => {
  const { injector } = make({ ...FAULT, passes: 0, activity: "mirror" });
  expect(injector.meet(effect)).toBeNull();
  expect(injector.meet({ ...effect, activity: "mirror" })).toBe("dies-before");
});

test("nothing strikes or counts before the world wakes, and nothing strikes any more when it rests", () => {
  const asleep = createInjector([{ ...FAULT, passes: 0 }], createVirtualClock(100));
  expect(asleep.meet(effect)).toBeNull();
  expect(asleep.effects.size).toBe(0);
  const { injector } = make({ ...FAULT, passes: 0 });
  injector.rest();
  expect(injector.meet(effect)).toBeNull();
  expect(injector.struck.size).toBe(0);
});
