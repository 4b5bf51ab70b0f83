// Addresses and lines stay (DB I8).

import { expect, test } from "vitest";
import { stableNames } from "./i08-stable-names.ts";
import {
  archiveOf,
  hour,
  indexAt,
  lineOf,
  makeObserved,
  makePhone,
  makeTree,
  placeOf,
} from "./testing/make-observed.ts";

const FOLLOWS = [
  { from: hour(0), ...placeOf("client"), roaming: [] },
  { from: hour(9), ...placeOf("national"), roaming: [] },
];

function judge(second: ReturnType<typeof archiveOf>, events: Parameters<typeof makeObserved>[0] = {}) {
  const indexes = [indexAt(hour(6), [lineOf(0)]), indexAt(hour(10), [second.line])];
  return stableNames.check(
    makeObserved({ trees: [makeTree({ indexes, archives: [archiveOf(0), second] })], ...events }),
  );
}

test("a good tree renames nothing", () => {
  expect(stableNames.check(makeObserved())).toBeNull();
});

test("the same bytes under a second line are found", () => {
  const moved = archiveOf(0, { line: "moved.zip", sha256Hex: archiveOf(0).sha256Hex, putAt: hour(9) });
  expect(judge(moved)).toMatchObject({ at: hour(10), where: "client", witness: "moved.zip" });
});

test("the same keys made anew under a second line are found", () => {
  expect(judge(archiveOf(0, { line: "anew.zip", putAt: hour(9) }))).toMatchObject({
    at: hour(10),
    witness: "anew.zip",
  });
});

test("another spelling of the same path is found", () => {
  expect(judge(archiveOf(1, { line: `/${lineOf(0)}`, putAt: hour(9) }))).toMatchObject({ witness: `/${lineOf(0)}` });
});

test("a new archive under a new line is good, and so is the same one where phones are forced to begin anew", () => {
  expect(judge(archiveOf(1))).toBeNull();
  const events = [{ at: hour(10), kind: "restart-forced" as const, tree: "client" }];
  expect(judge(archiveOf(0, { line: "anew.zip", putAt: hour(9) }), { events })).toBeNull();
});

test("a phone whose index moved is found, unless its app was updated", () => {
  const phones = [makePhone({ follows: FOLLOWS })];
  expect(stableNames.check(makeObserved({ phones }))).toMatchObject({ at: hour(9), where: "phone" });
  const events = [{ at: hour(9), kind: "app-updated" as const, phone: "phone", from: "client", to: "national" }];
  expect(stableNames.check(makeObserved({ phones, events }))).toBeNull();
});

test("a journey changes the roaming lists only", () => {
  const abroad = { from: hour(9), ...placeOf("client"), roaming: [placeOf("other")] };
  expect(
    stableNames.check(makeObserved({ phones: [makePhone({ follows: [...FOLLOWS.slice(0, 1), abroad] })] })),
  ).toBeNull();
});
