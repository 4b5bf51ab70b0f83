// The queue gives back what a stable sort would.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { createDueQueue } from "./due-queue.ts";

test("entries come out by due time, equal ones in order of addition", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), (times) => {
      const queue = createDueQueue<number>();
      times.forEach((time, index) => queue.add(time, index));
      const taken = times.map(() => queue.take()?.item);
      const sorted = times.map((_time, index) => index).sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0));
      expect(taken).toEqual(sorted);
      expect(queue.take()).toBeUndefined();
    }),
  );
});

test("additions and removals may alternate", () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20), { nil: null })), (steps) => {
      const queue = createDueQueue<string>();
      const model: number[] = [];
      for (const step of steps) {
        if (step === null) {
          expect(queue.take()?.dueAt).toBe(model.shift());
        } else {
          queue.add(step, "");
          model.push(step);
          model.sort((a, b) => a - b);
        }
        expect(queue.first()?.dueAt).toBe(model[0]);
      }
    }),
  );
});
