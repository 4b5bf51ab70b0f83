// Values survive (DB I21).

import { expect, test } from "vitest";
import { valuesSurvive } from "./i21-values-survive.ts";
import {
  archiveOf,
  keyHexOf,
  makeKey,
  makeObserved,
  makeTree,
  publishedAt,
  recordOf,
} from "./testing/make-observed.ts";

const LIKELY = recordOf("anna", "likely");
const CONFIRMED = recordOf("anna", "confirmed");
const REVOKED = recordOf("anna", "revoked");
const stateOf = (recordHex: string) => ({ at: 0, recordHex, revoked: recordHex === REVOKED });

function judge(states: readonly string[], listed: readonly string[], excused = false) {
  const archives = listed.map((record, n) =>
    archiveOf(n, { content: n === 0 ? { primaries: [record] } : { primaries: [], revised: [record] } }),
  );
  const keys = [makeKey("anna", { states: states.map(stateOf), excused })];
  return valuesSurvive.check(makeObserved({ trees: [makeTree({ archives })], keys }));
}

test("each state in its order is good, and the last alone is", () => {
  expect(judge([LIKELY, CONFIRMED], [LIKELY, CONFIRMED])).toBeNull();
  expect(judge([LIKELY, CONFIRMED], [CONFIRMED])).toBeNull();
});

test.each([
  ["rolling start", 32],
  ["rolling period", 40],
  ["risk", 42],
  ["report type", 44],
  ["onset", 46],
])("another %s is found", (_, position) => {
  const altered = `${LIKELY.slice(0, position)}7${LIKELY.slice(position + 1)}`;
  expect(judge([LIKELY], [altered])).toMatchObject({ at: publishedAt(0), where: "client", witness: keyHexOf("anna") });
});

test("values that were revised and come again are found", () => {
  expect(judge([LIKELY, CONFIRMED], [CONFIRMED, LIKELY])).toMatchObject({ at: publishedAt(1) });
  expect(judge([LIKELY, CONFIRMED], [CONFIRMED, LIKELY], true)).toBeNull();
});

test("of a revocation nothing counts but that it is one of this key", () => {
  expect(judge([LIKELY, REVOKED], [LIKELY, `${REVOKED.slice(0, 42)}00${REVOKED.slice(44)}`])).toBeNull();
  expect(judge([LIKELY, REVOKED], [LIKELY, `${REVOKED.slice(0, 40)}10${REVOKED.slice(42)}`])).not.toBeNull();
});
