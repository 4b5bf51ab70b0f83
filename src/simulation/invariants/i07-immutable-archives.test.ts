// Names are not used twice for other keys (DB I7).

import { expect, test } from "vitest";
import { immutableArchives } from "./i07-immutable-archives.ts";
import {
  archiveOf,
  hour,
  indexAt,
  lineOf,
  linesUpTo,
  makeObserved,
  makeTree,
  OTHER_SEAL,
  recordOf,
} from "./testing/make-observed.ts";

const FIRST = archiveOf(0, { deletedAt: hour(11) });
const judge = (again: ReturnType<typeof archiveOf>, first = FIRST, listedAt = hour(6)) =>
  immutableArchives.check(
    makeObserved({ trees: [makeTree({ indexes: [indexAt(listedAt, linesUpTo(0))], archives: [first, again] })] }),
  );

test("other keys under a listed name are found when they are put", () => {
  const again = archiveOf(0, { putAt: hour(11), content: { primaries: [recordOf("another")] } });
  expect(judge(again)).toMatchObject({ at: hour(11), where: "client", witness: lineOf(0) });
});

test("other values of the same keys are other keys", () => {
  const again = archiveOf(0, { putAt: hour(11), content: { primaries: [recordOf("made up 0", "likely")] } });
  expect(judge(again)).not.toBeNull();
});

test("the same keys under another seal are good", () => {
  const again = archiveOf(0, { putAt: hour(11), content: { signatures: [OTHER_SEAL], infos: [OTHER_SEAL] } });
  expect(judge(again)).toBeNull();
});

test("a name that nobody could see before is good", () => {
  const again = archiveOf(0, { putAt: hour(11), content: { primaries: [recordOf("another")] } });
  expect(judge(again, FIRST, hour(12))).toBeNull();
});

test("bytes that nobody can read in the place of keys are found", () => {
  expect(judge(archiveOf(0, { putAt: hour(11), content: null }))).toMatchObject({ at: hour(11) });
});
