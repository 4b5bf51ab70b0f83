// Names rise (DB I10).

import { expect, test } from "vitest";
import { risingNames } from "./i10-rising-names.ts";
import { hour, indexAt, makeObserved, makeTree } from "./testing/make-observed.ts";

function judge(...indexes: readonly (readonly string[])[]) {
  const states = indexes.map((lines, n) => indexAt(hour(n), lines));
  return risingNames.check(makeObserved({ trees: [makeTree({ indexes: states })] }));
}

test("windows that touch or leave a hole are good, in whatever folders", () => {
  expect(judge(["1-4-1.zip"], ["1-4-1.zip", "a/4-8-1.zip"], ["a/4-8-1.zip", "b/9-12.zip"])).toBeNull();
});

test("a name that starts before an earlier one ended is found", () => {
  expect(judge(["1-14-1.zip"], ["1-14-1.zip", "12-16-1.zip"])).toMatchObject({ at: hour(1), witness: "12-16-1.zip" });
});

test("an earlier end counts after its line has expired", () => {
  expect(judge(["1-14.zip"], ["1-14.zip", "14-15.zip"], ["14-15.zip"], ["14-15.zip", "3-9.zip"])).toMatchObject({
    at: hour(3),
    witness: "3-9.zip",
  });
});

test("a name without two numbers, or that does not rise, is found", () => {
  expect(judge(["1-4.zip"], ["1-4.zip", "export.zip"])).toMatchObject({ at: hour(1), witness: "export.zip" });
  expect(judge(["1-4.zip"], ["1-4.zip", "5-5.zip"])).toMatchObject({ at: hour(1), witness: "5-5.zip" });
});

test("what the first index lists may have other names and split windows; no later one may", () => {
  expect(judge(["old.zip", "1-4-1.zip", "1-5-2.zip"], ["old.zip", "1-4-1.zip", "1-5-2.zip", "5-9.zip"])).toBeNull();
  expect(judge(["1-4.zip"], ["1-4.zip", "4-8-1.zip", "4-9-2.zip"])).toMatchObject({ witness: "4-9-2.zip" });
  expect(judge(["5-9.zip", "1-4.zip"])).toMatchObject({ at: hour(0), witness: "1-4.zip" });
});

test("trees that only importers read may have other names", () => {
  const tree = makeTree({ role: "second", indexes: [indexAt(hour(0), ["1-4.zip"]), indexAt(hour(1), ["x.zip"])] });
  expect(risingNames.check(makeObserved({ trees: [tree] }))).toBeNull();
});
