// Steps give the same result with and without pauses.

import { expect, test } from "vitest";
import { runSteps, runWithPauses, type Steps } from "./steps.ts";

function* countTo(end: number): Steps<number> {
  let sum = 0;
  for (let number = 1; number <= end; number++) {
    sum += number;
    if (number < end) yield;
  }
  return sum;
}

function* failing(): Steps<number> {
  yield;
  throw new RangeError("step two");
}

test("the result is the same, and there is a pause between each two steps", async () => {
  let pauses = 0;
  const pause = async () => void pauses++;
  expect(runSteps(countTo(10))).toBe(55);
  expect(await runWithPauses(countTo(10), pause)).toBe(55);
  expect(pauses).toBe(9);
});

test("what a step throws passes through", async () => {
  expect(() => runSteps(failing())).toThrow("step two");
  await expect(runWithPauses(failing(), async () => {})).rejects.toThrow("step two");
});
