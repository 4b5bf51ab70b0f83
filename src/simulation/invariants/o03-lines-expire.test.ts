// Lines expire (O3).

import { expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../core/clock.ts";
import { linesExpire } from "./o03-lines-expire.ts";
import { hour, indexAt, lineOf, linesUpTo, makeObserved, makeTree } from "./testing/make-observed.ts";

/** A day, five minutes of caches, and what the world grants. */
const DUE = hour(6) + 14 * DAY + DAY + 5 * MINUTE + 7 * HOUR;

const judge = (indexes: Parameters<typeof makeTree>[0], endsAt: number) =>
  linesExpire.check(makeObserved({ trees: [makeTree(indexes)], endsAt }));

test("a line that leaves in time is good, and so is one that is not due before the end", () => {
  const indexes = [indexAt(hour(6), linesUpTo(1)), indexAt(DUE, linesUpTo(1, 1))];
  expect(judge({ indexes }, DUE + DAY)).toBeNull();
  expect(judge({ indexes: indexes.slice(0, 1) }, DUE)).toBeNull();
});

test("a line that stays is found", () => {
  expect(judge({ indexes: [indexAt(hour(6), linesUpTo(1))] }, DUE + 1)).toMatchObject({
    at: DUE,
    where: "client",
    witness: lineOf(0),
  });
});

test("the newest line stays as long as no other takes its place", () => {
  expect(judge({ indexes: [indexAt(hour(6), linesUpTo(0))] }, DUE + 30 * DAY)).toBeNull();
  const succeeded = DUE + 3 * DAY;
  const indexes = [indexAt(hour(6), linesUpTo(0)), indexAt(succeeded, linesUpTo(1))];
  const due = succeeded + DAY + 5 * MINUTE + 7 * HOUR;
  expect(judge({ indexes }, due)).toBeNull();
  expect(judge({ indexes }, due + 1)).toMatchObject({ at: due, witness: lineOf(0) });
});
