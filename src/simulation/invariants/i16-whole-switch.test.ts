// A switch of seal is whole (DB I16).

import { expect, test } from "vitest";
import { wholeSwitch } from "./i16-whole-switch.ts";
import {
  archiveOf,
  hour,
  lineOf,
  makeObserved,
  makePhone,
  makeTree,
  OTHER_SEAL,
  publishedAt,
  SEAL,
  trustedKey,
} from "./testing/make-observed.ts";

const UNDER_OTHER = { content: { infos: [OTHER_SEAL], signatures: [OTHER_SEAL] } };
const EVENTS = [{ at: publishedAt(2), kind: "seal-switched" as const, tree: "client" }];
const APPENDED = [archiveOf(0), archiveOf(1), archiveOf(2, UNDER_OTHER), archiveOf(3, UNDER_OTHER)];
const SEALED_ANEW = [0, 1].flatMap((n) => [
  archiveOf(n, { deletedAt: publishedAt(2) }),
  archiveOf(n, { putAt: publishedAt(2), sha256Hex: `anew ${n}`, ...UNDER_OTHER }),
]);

const judge = (archives: readonly ReturnType<typeof archiveOf>[], changes: Parameters<typeof makeObserved>[0] = {}) =>
  wholeSwitch.check(makeObserved({ trees: [makeTree({ archives })], events: EVENTS, ...changes }));

test("a back-log that was sealed anew at once is good", () => {
  expect(judge([...SEALED_ANEW, archiveOf(2, UNDER_OTHER), archiveOf(3, UNDER_OTHER)])).toBeNull();
});

test("new archives behind old ones are found at the first of them", () => {
  expect(judge(APPENDED)).toMatchObject({ at: publishedAt(2), where: "client", witness: lineOf(1) });
});

test("a switch that does not happen is found when its time is over", () => {
  const events = [{ at: hour(1), kind: "seal-switched" as const, tree: "client" }];
  const late = [archiveOf(0), archiveOf(1), archiveOf(2), archiveOf(3)];
  expect(judge(late, { events })).toBeNull();
  const events2 = [{ at: publishedAt(0) + 1, kind: "seal-switched" as const, tree: "client" }];
  expect(judge(late, { events: events2 })).toMatchObject({ at: publishedAt(0) + 1 + 7 * 3_600 });
});

test("where every reader trusts both, new archives may stand behind old ones", () => {
  const phones = [makePhone({ trustedKeys: [[trustedKey(SEAL)], [trustedKey(OTHER_SEAL)]] })];
  expect(judge(APPENDED, { phones })).toBeNull();
});
