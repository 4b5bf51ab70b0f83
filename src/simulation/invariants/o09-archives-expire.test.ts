// Archives go in the end (O9).

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../core/clock.ts";
import { archivesExpire } from "./o09-archives-expire.ts";
import { archiveOf, hour, indexAt, lineOf, linesUpTo, makeObserved, makeTree } from "./testing/make-observed.ts";

const DUE = hour(12) + 7 * DAY + 7 * HOUR;

function judge(deletedAt: number | null, endsAt: number) {
  const indexes = [indexAt(hour(10), linesUpTo(1)), indexAt(hour(12), linesUpTo(1, 1))];
  // The last was never listed: nobody knows its name.
  const archives = [archiveOf(0, { deletedAt }), archiveOf(1), archiveOf(2)];
  return archivesExpire.check(makeObserved({ trees: [makeTree({ indexes, archives })], endsAt }));
}

test("an archive that is deleted within a week, or still may be, is good", () => {
  expect(judge(DUE, DUE + DAY)).toBeNull();
  expect(judge(null, DUE)).toBeNull();
});

test("an archive that stays is found", () => {
  expect(judge(null, DUE + 1)).toMatchObject({ at: DUE, where: "client", witness: lineOf(0) });
  expect(judge(DUE + 1, DUE + DAY)).toMatchObject({ at: DUE });
});
