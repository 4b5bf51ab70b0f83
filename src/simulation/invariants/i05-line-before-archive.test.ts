// Lines go before archives, by a grace (DB I5).

import { expect, test } from "vitest";
import { DAY, MINUTE } from "../../core/clock.ts";
import { lineBeforeArchive } from "./i05-line-before-archive.ts";
import { archiveOf, hour, indexAt, lineOf, linesUpTo, makeObserved, makeTree } from "./testing/make-observed.ts";

const INDEXES = [indexAt(hour(10), linesUpTo(1)), indexAt(hour(12), linesUpTo(1, 1))];
/** Five minutes of caches, thirty to download, a day. */
const EARLIEST = hour(12) + 35 * MINUTE + DAY;

function judge(deletedAt: number, changes: Parameters<typeof makeObserved>[0] = {}) {
  const archives = [archiveOf(0, { deletedAt }), archiveOf(1)];
  return lineBeforeArchive.check(makeObserved({ trees: [makeTree({ indexes: INDEXES, archives })], ...changes }));
}

test("a deletion after the grace is good, one a second earlier is found", () => {
  expect(judge(EARLIEST)).toBeNull();
  expect(judge(EARLIEST - 1)).toMatchObject({ at: EARLIEST - 1, where: "client", witness: lineOf(0) });
});

test("a deletion while the line is listed is found, though the line goes at the next run", () => {
  expect(judge(hour(11))).toMatchObject({ at: hour(11), witness: lineOf(0) });
});

test("a clock that was wrong is forgiven by as much", () => {
  const limits = { ...makeObserved().limits, clockErrorSeconds: 60 };
  expect(judge(EARLIEST - 60, { limits })).toBeNull();
  expect(judge(EARLIEST - 61, { limits })).not.toBeNull();
});

test("what was never listed, and a tree that is switched off, may go at once", () => {
  const orphan = archiveOf(5, { deletedAt: hour(12) });
  expect(
    lineBeforeArchive.check(makeObserved({ trees: [makeTree({ indexes: INDEXES, archives: [orphan] })] })),
  ).toBeNull();
  expect(judge(hour(13), { events: [{ at: hour(13), kind: "switched-off", tree: "client" }] })).toBeNull();
});

test("a name that is put again is no deletion", () => {
  const archives = [archiveOf(0, { deletedAt: hour(11) }), archiveOf(0, { putAt: hour(11), sha256Hex: "other" })];
  expect(lineBeforeArchive.check(makeObserved({ trees: [makeTree({ indexes: INDEXES, archives })] }))).toBeNull();
});
