// Phones hold what they must (O4).

import { expect, test } from "vitest";
import type { KnownPersonKey, ObservedPhone } from "../observe/observed.ts";
import { phonesHoldKeys } from "./o04-phones-hold-keys.ts";
import {
  checkAt,
  heldKey,
  hour,
  keyHexOf,
  makeKey,
  makeObserved,
  makePhone,
  recordOf,
} from "./testing/make-observed.ts";

const EXPECTS = [{ place: "state", from: hour(0) }];
/** Entered in the first hour; eight hours of the world, and the next check. */
const DUE = hour(12);
const CHECKS = Array.from({ length: 12 }, (_, n) => checkAt(hour(4 * n)));
const LIKELY = recordOf("anna", "likely");
const CONFIRMED = recordOf("anna", "confirmed");
const REVOKED = recordOf("anna", "revoked");

function judge(phone: Partial<ObservedPhone>, key: Partial<KnownPersonKey> = {}, endsAt = hour(48)) {
  const phones = [makePhone({ expects: EXPECTS, checks: CHECKS, ...phone })];
  return phonesHoldKeys.check(makeObserved({ phones, keys: [makeKey("anna", key)], endsAt }));
}

function states(...records: readonly string[]) {
  return records.map((recordHex, n) => ({ at: hour(1 + n), recordHex, revoked: recordHex === REVOKED }));
}

test("a key that came in time is good", () => {
  expect(judge({ held: [heldKey(recordOf("anna"), DUE)] })).toBeNull();
});

test("a key that is not held is found when it is due", () => {
  expect(judge({})).toMatchObject({ at: DUE, where: "phone", witness: keyHexOf("anna") });
});

test("a key that came late is found", () => {
  expect(judge({ held: [heldKey(recordOf("anna"), DUE + 1)] })).toMatchObject({ at: DUE });
});

function without(...positions: readonly number[]) {
  return CHECKS.filter((_, position) => !positions.includes(position));
}

function withFailed(changes: Partial<ObservedPhone["checks"][number]>, ...positions: readonly number[]) {
  return CHECKS.map((check, position) =>
    positions.includes(position)
      ? { ...check, result: { ...check.result, result: "failed" as const }, ...changes }
      : check,
  );
}

test("a phone that was away must have the key at its next check", () => {
  expect(judge({ checks: without(3, 4), held: [heldKey(recordOf("anna"), hour(20))] })).toBeNull();
  expect(judge({ checks: without(3, 4) })).toMatchObject({ at: hour(20) });
});

test("a disturbed check does not count, a check that failed is forgiven once", () => {
  expect(judge({ checks: withFailed({ disturbed: true }, 3, 4) })).toMatchObject({ at: hour(20) });
  expect(judge({ checks: withFailed({}, 3) })).toMatchObject({ at: hour(16) });
  expect(judge({ checks: withFailed({}, 3, 4) })).toMatchObject({ at: hour(16) });
});

test("a check in which a phone could not take everything does not count", () => {
  const fetched = Array.from({ length: 12 }, (_, n) => `file ${n}`);
  const checks = CHECKS.map((check) => (check.result.at === DUE ? checkAt(DUE, { fetched }) : check));
  expect(judge({ kind: "android-cursor", checks })).toMatchObject({ at: hour(16) });
  expect(judge({ kind: "android-lenient", checks })).toMatchObject({ at: DUE });
});

test("a key that expired while the phone was away, or that it had no time to fetch, may be missing", () => {
  const away = [...CHECKS.slice(0, 2), checkAt(hour(15 * 24))];
  expect(judge({ checks: away })).toBeNull();
  expect(judge({ checks: CHECKS.slice(0, 3) })).toBeNull();
});

test("a phone that begins later must have what is there; one that begins with the newest files need not", () => {
  const follows = makePhone().follows.map((followed) => ({ ...followed, from: hour(20) }));
  expect(judge({ follows })).toMatchObject({ at: hour(28) });
  expect(judge({ follows, kind: "android-nl" })).toBeNull();
});

test("excused keys, other places, and phones of which nothing is expected are passed over", () => {
  expect(judge({}, { excused: true })).toBeNull();
  expect(judge({}, { place: "nation" })).toBeNull();
  expect(judge({ expects: [] })).toBeNull();
});

test("values that nobody entered are found when they came", () => {
  expect(judge({ held: [heldKey(LIKELY, hour(8))] })).toMatchObject({ at: hour(8) });
});

test("values that were revised are found, unless the revision was not due or came together with its original", () => {
  const held = [heldKey(LIKELY, hour(8))];
  const key = { states: states(LIKELY, CONFIRMED) };
  expect(judge({ held }, key)).toMatchObject({ at: hour(48), witness: keyHexOf("anna") });
  expect(judge({ held, checks: CHECKS.slice(0, 3) }, key)).toBeNull();
  const checks = [...CHECKS, checkAt(hour(48), { skippedRevisions: [keyHexOf("anna")] })];
  expect(judge({ held, checks }, key)).toBeNull();
  expect(judge({ held: [heldKey(CONFIRMED, hour(8))] }, key)).toBeNull();
});

test("a revoked key must not be held, and need not have come", () => {
  const key = { states: states(LIKELY, REVOKED) };
  expect(judge({}, key)).toBeNull();
  expect(judge({ held: [heldKey(LIKELY, hour(8))] }, key)).toMatchObject({ at: hour(48) });
});

test("a system that reads neither report types nor revisions is judged by the rest", () => {
  const held = [heldKey(`${LIKELY.slice(0, 44)}00ff`, hour(8))];
  const key = { states: states(LIKELY, CONFIRMED) };
  expect(judge({ held, kind: "ios-13-6" }, key)).toBeNull();
  expect(judge({ held: [heldKey(`${LIKELY.slice(0, 42)}0700ff`, hour(8))], kind: "ios-13-6" }, key)).not.toBeNull();
});
