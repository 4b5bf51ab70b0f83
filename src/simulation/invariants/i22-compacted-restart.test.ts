// A forced restart is short (DB I22).

import { expect, test } from "vitest";
import { compactedRestart } from "./i22-compacted-restart.ts";
import { hour, indexAt, lineOf, linesUpTo, makeObserved, makeTree } from "./testing/make-observed.ts";

function judge(lines: number, forcedAt = hour(10)) {
  const indexes = [
    indexAt(hour(5), linesUpTo(40)),
    indexAt(hour(10), linesUpTo(lines - 1)),
    indexAt(hour(11), linesUpTo(40)),
  ];
  const events = [{ at: forcedAt, kind: "restart-forced" as const, tree: "client" }];
  return compactedRestart.check(makeObserved({ trees: [makeTree({ indexes })], events }));
}

test("fifteen archives are good, sixteen are found", () => {
  expect(judge(15)).toBeNull();
  expect(judge(16)).toMatchObject({ at: hour(10), where: "client", witness: lineOf(15) });
});

test("what counts is the index at the moment of the restart", () => {
  expect(judge(2, hour(9))).toMatchObject({ at: hour(9) });
});

test("a long list is good where nobody has to begin anew", () => {
  expect(
    compactedRestart.check(makeObserved({ trees: [makeTree({ indexes: [indexAt(hour(5), linesUpTo(40))] })] })),
  ).toBeNull();
});
