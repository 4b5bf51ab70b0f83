// Lines only appended (DB I1).

import { expect, test } from "vitest";
import { appendOnly } from "./i01-append-only.ts";
import { hour, indexAt, makeObserved, makeTree } from "./testing/make-observed.ts";

function judge(...indexes: readonly (readonly string[])[]) {
  const states = indexes.map((lines, at) => indexAt(hour(at), lines));
  return appendOnly.check(makeObserved({ trees: [makeTree({ indexes: states, archives: [] })] }));
}

test("appending, expiring from the head, and both at once are good", () => {
  expect(judge(["a"], ["a", "b", "c"], ["b", "c"], ["c", "d"])).toBeNull();
});

test("a line inserted above a published one is found at its time", () => {
  expect(judge(["a", "b"], ["a", "x", "b"], ["a", "x", "b", "c"])).toMatchObject({
    at: hour(1),
    where: "client",
    witness: "x",
  });
});

test("a late line above the head is an insertion too", () => {
  expect(judge(["b"], ["a", "b"])).toMatchObject({ at: hour(1), witness: "a" });
});

test("another order of published lines is found", () => {
  expect(judge(["a", "b", "c"], ["a", "c", "b"])).toMatchObject({ at: hour(1), witness: "b" });
});

test("a line taken out of the middle is found", () => {
  expect(judge(["a", "b", "c"], ["a", "c"])).toMatchObject({ at: hour(1), witness: "b" });
});

test("a line that comes back after it had left the head is found", () => {
  expect(judge(["a", "b", "c"], ["b", "c"], ["a", "b", "c"])).toMatchObject({ at: hour(2), witness: "a" });
});

test("an expired line that comes back at the end is found", () => {
  expect(judge(["a", "b"], ["b"], ["b", "a"])).toMatchObject({ at: hour(2), witness: "a" });
});

test("a whole other list is good where phones are forced to begin anew, and only there", () => {
  const indexes = [indexAt(hour(0), ["a", "b"]), indexAt(hour(1), ["b", "a"])];
  const trees = [makeTree({ indexes, archives: [] })];
  const events = [{ at: hour(1), kind: "restart-forced" as const, tree: "client" }];
  expect(appendOnly.check(makeObserved({ trees, events }))).toBeNull();
  expect(appendOnly.check(makeObserved({ trees }))).toMatchObject({ at: hour(1), witness: "a" });
});
