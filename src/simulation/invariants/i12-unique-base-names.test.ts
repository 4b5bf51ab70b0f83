// Base names are unique (DB I12).

import { expect, test } from "vitest";
import { uniqueBaseNames } from "./i12-unique-base-names.ts";
import { hour, indexAt, makeObserved, makeTree } from "./testing/make-observed.ts";

function judge(...indexes: readonly (readonly string[])[]) {
  const states = indexes.map((lines, n) => indexAt(hour(n), lines));
  return uniqueBaseNames.check(makeObserved({ trees: [makeTree({ indexes: states })] }));
}

test("different names in one folder or several are good", () => {
  expect(judge(["a/1.zip", "a/2.zip"], ["a/2.zip", "b/3.zip"])).toBeNull();
});

test("one name in two folders is found", () => {
  expect(judge(["a/1.zip"], ["a/1.zip", "b/1.zip"])).toMatchObject({
    at: hour(1),
    where: "client",
    witness: "b/1.zip",
  });
});

test("a name that was listed earlier counts still", () => {
  expect(judge(["a/1.zip", "2.zip"], ["2.zip"], ["2.zip", "b/1.zip"])).toMatchObject({
    at: hour(2),
    witness: "b/1.zip",
  });
});
