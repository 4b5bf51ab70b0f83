// Whole batches, each with a window of its own (DB I13).

import { expect, test } from "vitest";
import { wholeBatches } from "./i13-whole-batches.ts";
import { archiveOf, hour, lineOf, makeObserved, makeTree, publishedAt } from "./testing/make-observed.ts";

type Content = Parameters<typeof archiveOf>[1];
const judge = (changes: Content) =>
  wholeBatches.check(
    makeObserved({
      trees: [makeTree({ archives: [archiveOf(0), archiveOf(1, changes), archiveOf(2), archiveOf(3)] })],
    }),
  );

test("1 of 1, and no batch at all, are good", () => {
  expect(judge({})).toBeNull();
  expect(judge({ content: { batchNum: null, batchSize: null } })).toBeNull();
});

test.each([
  [1, 2],
  [2, 2],
  [null, 1],
  [0, 1],
])("batch %s of %s is found", (batchNum, batchSize) => {
  const found = judge({ content: { batchNum, batchSize } });
  expect(found).toMatchObject({ at: publishedAt(1), where: "client", witness: lineOf(1) });
});

test("a second archive of the same start and end is found, an overlap is not", () => {
  const start = BigInt(hour(0));
  expect(judge({ content: { start, end: BigInt(hour(4)) } })).toMatchObject({ at: publishedAt(1), witness: lineOf(1) });
  expect(judge({ content: { start, end: BigInt(hour(5)) } })).toBeNull();
});
