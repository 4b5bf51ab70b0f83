// Archives stand before their lines (DB I3).

import { expect, test } from "vitest";
import { readableBeforeListed } from "./i03-readable-before-listed.ts";
import {
  archiveOf,
  hour,
  indexAt,
  lineOf,
  linesUpTo,
  makeObserved,
  makeTree,
  publishedAt,
} from "./testing/make-observed.ts";

const judge = (changes: Parameters<typeof makeTree>[0]) =>
  readableBeforeListed.check(makeObserved({ trees: [makeTree(changes)] }));

test("an archive put in the second of its listing, and an object that nobody lists, are good", () => {
  expect(judge({ archives: [...[0, 1, 2, 3].map((n) => archiveOf(n)), archiveOf(9)] })).toBeNull();
});

test("an archive that is put after its line is found at the listing", () => {
  const archives = [archiveOf(0), archiveOf(1, { putAt: publishedAt(1) + 1 }), archiveOf(2), archiveOf(3)];
  expect(judge({ archives })).toMatchObject({ at: publishedAt(1), where: "client", witness: lineOf(1) });
});

test("an archive that is never put is found", () => {
  expect(judge({ archives: [archiveOf(0), archiveOf(1), archiveOf(2)] })).toMatchObject({ witness: lineOf(3) });
});

test("a line that comes back after its archive was deleted is found when it comes back", () => {
  const archives = [archiveOf(0, { deletedAt: hour(12) }), archiveOf(1)];
  const indexes = [
    indexAt(hour(10), linesUpTo(1)),
    indexAt(hour(11), linesUpTo(1, 1)),
    indexAt(hour(13), linesUpTo(1)),
  ];
  expect(judge({ archives, indexes })).toMatchObject({ at: hour(13), witness: lineOf(0) });
});

test("a deletion under a listed line is left to the invariant on removal", () => {
  const archives = [archiveOf(0, { deletedAt: hour(12) })];
  expect(judge({ archives, indexes: [indexAt(hour(6), linesUpTo(0))] })).toBeNull();
});
