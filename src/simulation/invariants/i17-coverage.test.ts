// Every key is listed (DB I17).

import { expect, test } from "vitest";
import { DAY } from "../../core/clock.ts";
import { coverage } from "./i17-coverage.ts";
import {
  archiveOf,
  hour,
  indexAt,
  keyHexOf,
  linesUpTo,
  makeKey,
  makeObserved,
  makeTree,
  recordOf,
} from "./testing/make-observed.ts";

const KEY = keyHexOf("anna");
/** Seven hours from the first hour on. */
const DUE = hour(8);

function judge(key: Parameters<typeof makeKey>[1], tree: Parameters<typeof makeTree>[0] = {}, endsAt = hour(24)) {
  return coverage.check(makeObserved({ trees: [makeTree(tree)], keys: [makeKey("anna", key)], endsAt }));
}

const WITH_KEY = { archives: [archiveOf(0, { content: { primaries: [recordOf("anna")] } }), archiveOf(1)] };

const revoked = (at: number) => [{ at, recordHex: recordOf("anna", "revoked"), revoked: true }];

test("a key that is listed in time and stays is good", () => {
  expect(judge({}, WITH_KEY)).toBeNull();
});

test("a key that is never listed is found when it is due", () => {
  expect(judge({})).toMatchObject({ at: DUE, where: "client", witness: KEY });
});

test("a key that is late is found, though it comes", () => {
  const archives = [archiveOf(0), archiveOf(1, { content: { primaries: [recordOf("anna")] } })];
  expect(judge({}, { archives })).toMatchObject({ at: DUE, witness: KEY });
});

test("a key that is not due before the end may still come", () => {
  expect(judge({}, {}, DUE)).toBeNull();
  expect(judge({ enteredAt: hour(1), releasedAt: hour(23) })).toBeNull();
});

test("a line that leaves before the key's retention is over uncovers it", () => {
  const indexes = [indexAt(hour(6), linesUpTo(0)), indexAt(hour(30), linesUpTo(1, 1))];
  const early = judge({}, { ...WITH_KEY, indexes }, hour(48));
  expect(early).toMatchObject({ at: hour(30), witness: KEY });
});

test("a line that leaves after it does not, and a moment without an index does", () => {
  const gone = [indexAt(hour(6), linesUpTo(0)), indexAt(hour(1) + 14 * DAY, linesUpTo(1, 1))];
  expect(judge({}, { ...WITH_KEY, indexes: gone }, hour(1) + 20 * DAY)).toBeNull();
  const blinking = [indexAt(hour(6), linesUpTo(0)), indexAt(hour(12), ""), indexAt(hour(12) + 1, linesUpTo(0))];
  expect(judge({}, { ...WITH_KEY, indexes: blinking })).toMatchObject({ at: hour(12) });
});

test("a revised key alone covers it too", () => {
  const archives = [archiveOf(0, { content: { primaries: [], revised: [recordOf("anna")] } })];
  expect(judge({}, { archives })).toBeNull();
});

test("excused keys, those of other places, and those revoked before they were due need not come", () => {
  expect(judge({ excused: true })).toBeNull();
  expect(judge({ place: "nation" })).toBeNull();
  expect(judge({ states: revoked(DUE) })).toBeNull();
  expect(judge({ states: revoked(DUE + 1) })).not.toBeNull();
});

test("keys from before the way was open have to come as far as they are younger than the retention", () => {
  const tree = { carries: [{ place: "state", from: hour(10) }], retentionSeconds: 2 * DAY };
  expect(judge({ enteredAt: hour(-24) }, tree)).toMatchObject({ at: hour(17), witness: KEY });
  expect(judge({ enteredAt: hour(-38) }, tree)).toBeNull();
});

test("nothing is asked of a tree that was switched off", () => {
  const events = [{ at: hour(7), kind: "switched-off" as const, tree: "client" }];
  expect(coverage.check(makeObserved({ keys: [makeKey("anna")], events }))).toBeNull();
});
