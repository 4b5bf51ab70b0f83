// Bytes in flight: bounded, and nobody waits.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LARGEST_PIECE_BYTES, SendBudget, SMALLEST_PIECE_BYTES } from "./send-budget.ts";

test("gives large pieces to few, and no more than is wanted", () => {
  const budget = new SendBudget(10_000_000);
  expect(budget.take(16_000_000)).toBe(LARGEST_PIECE_BYTES);
  expect(budget.take(300)).toBe(300);
  expect(budget.take(0)).toBe(1);
});

test("whoever asks gets room, and all together hold no more than the budget and a smallest piece each", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2_000_000 }),
      fc.array(fc.nat(1_000_000), { maxLength: 300 }),
      (total, wishes) => {
        const budget = new SendBudget(total);
        const granted = wishes.map((wish) => budget.take(wish));
        expect(Math.min(...granted, 1)).toBe(1);
        const sum = granted.reduce((all, one) => all + one, 0);
        expect(sum).toBeLessThanOrEqual(total + wishes.length * SMALLEST_PIECE_BYTES);
        for (const one of granted) budget.giveBack(one);
        expect(budget.take(LARGEST_PIECE_BYTES)).toBe(new SendBudget(total).take(LARGEST_PIECE_BYTES));
      },
    ),
  );
});
