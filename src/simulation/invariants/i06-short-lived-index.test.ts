// Caches keep indexes for a moment only (DB I6).

import { expect, test } from "vitest";
import { shortLivedIndex } from "./i06-short-lived-index.ts";
import { hour, indexAt, linesUpTo, makeObserved, makeTree } from "./testing/make-observed.ts";

function judge(...cacheSeconds: readonly number[]) {
  const indexes = cacheSeconds.map((seconds, n) => indexAt(hour(n), linesUpTo(n), seconds));
  return shortLivedIndex.check(makeObserved({ trees: [makeTree({ indexes })] }));
}

test("no time at all, two minutes, and a shorter time than before are good", () => {
  expect(judge(0, 0)).toBeNull();
  expect(judge(120, 120, 60)).toBeNull();
});

test("a day is found, from the first index on or later", () => {
  expect(judge(86_400, 86_400)).toMatchObject({ at: hour(0), where: "client", witness: "86400 s" });
  expect(judge(0, 86_400)).toMatchObject({ at: hour(1) });
});

test("a time that got longer is found, though it is short", () => {
  expect(judge(0, 60)).toMatchObject({ at: hour(1), witness: "60 s" });
});
