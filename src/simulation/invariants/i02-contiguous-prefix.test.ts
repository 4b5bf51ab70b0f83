// A mirror stops at what it could not copy (DB I2).

import { expect, test } from "vitest";
import type { ObservedArchive } from "../observe/observed-archive.ts";
import { contiguousPrefix } from "./i02-contiguous-prefix.ts";
import {
  archiveOf,
  hour,
  indexAt,
  lineOf,
  linesUpTo,
  makeKey,
  makeObserved,
  makeTree,
  recordOf,
} from "./testing/make-observed.ts";

const SOURCE = makeTree({
  name: "national",
  role: "national",
  archives: [0, 1, 2, 3].map((n) => archiveOf(n, { content: { primaries: [recordOf(`foreigner ${n}`)] } })),
});
const repeated = (line: string, putAt: number, ...sources: readonly number[]): ObservedArchive =>
  archiveOf(0, { line, putAt, content: { primaries: sources.map((n) => recordOf(`foreigner ${n}`)) } });

function judge(archives: readonly ObservedArchive[], source = SOURCE) {
  const indexes = archives.map(({ putAt }, n) =>
    indexAt(
      putAt,
      archives.slice(0, n + 1).map(({ line }) => line),
    ),
  );
  const tree = makeTree({ mirrors: ["national"], archives, indexes });
  const keys = [0, 1, 2, 3].map((n) => makeKey(`foreigner ${n}`, { place: "nation" }));
  return contiguousPrefix.check(makeObserved({ trees: [tree, source], keys }));
}

test("each archive in its order is good", () => {
  expect(judge([0, 1, 2].map((n) => repeated(`m${n}`, hour(4 * n + 7), n)))).toBeNull();
});

test("a history in one archive is good", () => {
  expect(judge([repeated("m", hour(19), 0, 1, 2), repeated("n", hour(20), 3)])).toBeNull();
});

test("an archive that was passed over is found when a newer one is listed", () => {
  const archives = [repeated("m0", hour(7), 0), repeated("m2", hour(15), 2), repeated("m1", hour(16), 1)];
  expect(judge(archives)).toMatchObject({ at: hour(15), where: "client", witness: lineOf(1) });
});

test("one that never comes is found too", () => {
  expect(judge([repeated("m2", hour(15), 0, 2)])).toMatchObject({ at: hour(15), witness: lineOf(1) });
});

test("a mirror that fell behind, and one whose source let lines expire before, have passed over nothing", () => {
  expect(judge([repeated("m0", hour(7), 0)])).toBeNull();
  const expired = { ...SOURCE, indexes: [...SOURCE.indexes, indexAt(hour(19), linesUpTo(3, 2))] };
  expect(judge([repeated("m2", hour(20), 2)], expired)).toBeNull();
});

test("an archive of the tree's own is no repetition, though the source has some of its keys too", () => {
  const shared = recordOf("of the state");
  const source = makeTree({
    name: "national",
    role: "national",
    archives: [archiveOf(0), archiveOf(1, { content: { primaries: [shared, recordOf("made up 1")] } })],
    indexes: [indexAt(hour(6), linesUpTo(0)), indexAt(hour(10), linesUpTo(1))],
  });
  // Published late by the tree's own exporter, while the mirror cannot reach the source.
  const own = archiveOf(1, { line: "own", putAt: hour(11), content: { primaries: [shared] } });
  expect(judge([own], source)).toBeNull();
});
