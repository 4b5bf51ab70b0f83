// Each key comes once (DB I20).

import { expect, test } from "vitest";
import type { ArchiveContent } from "../observe/observed-archive.ts";
import { eachKeyOnce } from "./i20-each-key-once.ts";
import {
  archiveOf,
  hour,
  indexAt,
  keyHexOf,
  lineOf,
  linesUpTo,
  makeObserved,
  makeTree,
  OTHER_SEAL,
  publishedAt,
  recordOf,
} from "./testing/make-observed.ts";

type Lists = Partial<Pick<ArchiveContent, "primaries" | "revised">>;

const LIKELY = recordOf("anna", "likely");
const CONFIRMED = recordOf("anna", "confirmed");

function judge(first: Lists, second: Lists, tree: Parameters<typeof makeTree>[0] = {}) {
  const archives = [archiveOf(0, { content: first }), archiveOf(1, { content: second })];
  return eachKeyOnce.check(makeObserved({ trees: [makeTree({ archives, ...tree })] }));
}

const AGAIN = { at: publishedAt(1), where: "client", witness: keyHexOf("anna") };

test("a key and its revision in a later archive are good, and a revision alone is", () => {
  expect(judge({ primaries: [LIKELY] }, { revised: [CONFIRMED] })).toBeNull();
  expect(judge({ revised: [LIKELY] }, { revised: [CONFIRMED] })).toBeNull();
});

test("a key that comes again as a primary is found, whatever its values", () => {
  expect(judge({ primaries: [LIKELY] }, { primaries: [LIKELY] })).toMatchObject(AGAIN);
  expect(judge({ primaries: [LIKELY] }, { primaries: [CONFIRMED] })).toMatchObject(AGAIN);
});

test("it is found also when the first line has expired", () => {
  const indexes = [
    indexAt(hour(6), linesUpTo(0)),
    indexAt(hour(7), linesUpTo(2, 2)),
    indexAt(hour(10), [lineOf(2), lineOf(1)]),
  ];
  expect(judge({ primaries: [LIKELY] }, { primaries: [LIKELY] }, { indexes })).toMatchObject(AGAIN);
});

test("a primary after its revision, and the same revision again, are found", () => {
  expect(judge({ revised: [CONFIRMED] }, { primaries: [LIKELY] })).toMatchObject(AGAIN);
  expect(judge({ revised: [CONFIRMED] }, { revised: [CONFIRMED] })).toMatchObject(AGAIN);
});

test("a key beside its revision, or twice in one archive, is found", () => {
  const at = publishedAt(0);
  expect(judge({ primaries: [LIKELY], revised: [CONFIRMED] }, {})).toMatchObject({ at });
  expect(judge({ primaries: [LIKELY, LIKELY] }, {})).toMatchObject({ at });
});

test("an archive that nobody listed repeats nothing", () => {
  expect(
    judge({ primaries: [LIKELY] }, { primaries: [LIKELY] }, { indexes: [indexAt(hour(6), linesUpTo(0))] }),
  ).toBeNull();
});

test("an archive sealed anew in its place, and a back-log where phones begin anew, repeat nothing", () => {
  const anew = archiveOf(0, {
    putAt: hour(9),
    sha256Hex: "anew",
    content: { infos: [OTHER_SEAL], signatures: [OTHER_SEAL] },
  });
  const archives = [archiveOf(0, { deletedAt: hour(9) }), anew];
  expect(eachKeyOnce.check(makeObserved({ trees: [makeTree({ archives })] }))).toBeNull();
  const repeated = [archiveOf(0), archiveOf(1, { content: { primaries: [recordOf("made up 0")] } })];
  const indexes = [indexAt(hour(6), linesUpTo(0)), indexAt(hour(10), [lineOf(1)])];
  const events = [{ at: hour(10), kind: "restart-forced" as const, tree: "client" }];
  expect(eachKeyOnce.check(makeObserved({ trees: [makeTree({ archives: repeated, indexes })], events }))).toBeNull();
});
