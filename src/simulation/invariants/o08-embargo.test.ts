// Keys wait for their release (O8).

import { expect, test } from "vitest";
import { embargo } from "./o08-embargo.ts";
import {
  archiveOf,
  keyHexOf,
  makeKey,
  makeObserved,
  makeTree,
  publishedAt,
  recordOf,
} from "./testing/make-observed.ts";

const trees = [makeTree({ archives: [archiveOf(0, { content: { primaries: [recordOf("anna")] } })] })];

function judge(releasedAt: number, clockErrorSeconds = 0) {
  const limits = { ...makeObserved().limits, clockErrorSeconds };
  return embargo.check(makeObserved({ trees, keys: [makeKey("anna", { releasedAt })], limits }));
}

test("a key that was put at its release is good, one a second earlier is found", () => {
  expect(judge(publishedAt(0))).toBeNull();
  expect(judge(publishedAt(0) + 1)).toMatchObject({ at: publishedAt(0), where: "client", witness: keyHexOf("anna") });
});

test("a clock that was wrong is forgiven by as much", () => {
  expect(judge(publishedAt(0) + 60, 60)).toBeNull();
  expect(judge(publishedAt(0) + 61, 60)).not.toBeNull();
});
