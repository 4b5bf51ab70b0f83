// Revisions arrive (O7).

import { expect, test } from "vitest";
import { revisionsArrive } from "./o07-revisions-arrive.ts";
import { archiveOf, hour, keyHexOf, makeKey, makeObserved, makeTree, recordOf } from "./testing/make-observed.ts";

const LIKELY = recordOf("anna", "likely");
const STATES = [
  { at: hour(1), recordHex: LIKELY, revoked: false },
  { at: hour(5), recordHex: recordOf("anna", "confirmed"), revoked: false },
];
const FIRST = archiveOf(0, { content: { primaries: [LIKELY] } });

function judge(archives: readonly ReturnType<typeof archiveOf>[], endsAt = hour(24)) {
  return revisionsArrive.check(
    makeObserved({ trees: [makeTree({ archives })], keys: [makeKey("anna", { states: STATES })], endsAt }),
  );
}

test("a revision that is listed in time is good, and so is one that is not due before the end", () => {
  expect(judge([FIRST, archiveOf(1, { content: { revised: [recordOf("anna")] } })])).toBeNull();
  expect(judge([FIRST], hour(12))).toBeNull();
});

test("a revision that is missing or late is found when it is due", () => {
  const found = { at: hour(12), where: "client", witness: keyHexOf("anna") };
  expect(judge([FIRST])).toMatchObject(found);
  expect(judge([FIRST, archiveOf(2, { content: { revised: [recordOf("anna")] } })])).toMatchObject(found);
});

test("a key that was never listed is left to the invariant on coverage", () => {
  expect(judge([archiveOf(0)])).toBeNull();
});
