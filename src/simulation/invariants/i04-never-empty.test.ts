// The index is whole at every moment (DB I4).

import { expect, test } from "vitest";
import type { IndexState } from "../observe/observed.ts";
import { neverEmpty } from "./i04-never-empty.ts";
import { hour, indexAt, lineOf, linesUpTo, makeObserved, makeTree } from "./testing/make-observed.ts";

const judge = (...indexes: readonly IndexState[]) => neverEmpty.check(makeObserved({ trees: [makeTree({ indexes })] }));

test("growing, expiring, and being replaced by one new line are good", () => {
  expect(
    judge(indexAt(hour(7), linesUpTo(0)), indexAt(hour(8), linesUpTo(2)), indexAt(hour(9), [lineOf(3)])),
  ).toBeNull();
});

test("an empty index is found, also before there was anything", () => {
  expect(judge(indexAt(hour(1), ""))).toMatchObject({ at: hour(1), where: "client" });
  expect(judge(indexAt(hour(7), linesUpTo(0)), indexAt(hour(8), "\n"))).toMatchObject({ at: hour(8) });
});

test("a deleted index is found, unless its tree was switched off", () => {
  const indexes = [indexAt(hour(7), linesUpTo(0)), indexAt(hour(8), null)];
  expect(judge(...indexes)).toMatchObject({ at: hour(8) });
  const events = [{ at: hour(8), kind: "switched-off" as const, tree: "client" }];
  expect(neverEmpty.check(makeObserved({ trees: [makeTree({ indexes })], events }))).toBeNull();
});

test("an index without its newest lines is found, with the first that is lacking", () => {
  const cut = judge(indexAt(hour(7), linesUpTo(3)), indexAt(hour(8), linesUpTo(1)), indexAt(hour(9), linesUpTo(3)));
  expect(cut).toMatchObject({ at: hour(8), witness: lineOf(2) });
});

test("an index that ends within a line is found, also when the line is new", () => {
  const half = linesUpTo(1).join("\n").slice(0, -10);
  expect(judge(indexAt(hour(7), linesUpTo(0)), indexAt(hour(8), half))).toMatchObject({
    at: hour(8),
    witness: lineOf(1),
  });
});
