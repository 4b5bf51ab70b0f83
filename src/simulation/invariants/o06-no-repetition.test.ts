// Nothing comes twice (O6).

import { expect, test } from "vitest";
import { MINUTE } from "../../core/clock.ts";
import type { ObservedCheck, ObservedPhone } from "../observe/observed.ts";
import { noRepetition } from "./o06-no-repetition.ts";
import { checkAt, hour, keyHexOf, lineOf, makeObserved, makePhone, publishedAt } from "./testing/make-observed.ts";

const KEY = keyHexOf("anna");
const again = (at: number) => checkAt(at, { accepted: [lineOf(0)], repeatedPrimaries: [KEY] });

function judge(
  checks: readonly ObservedCheck[],
  phone: Partial<ObservedPhone> = {},
  world: Parameters<typeof makeObserved>[0] = {},
) {
  return noRepetition.check(makeObserved({ phones: [makePhone({ checks, ...phone })], ...world }));
}

test("a key that came again is found", () => {
  expect(judge([checkAt(hour(7)), again(hour(12))])).toMatchObject({ at: hour(12), where: "phone", witness: KEY });
});

test("a kind of phones that fetches again by design is passed over", () => {
  expect(judge([again(hour(12))], { kind: "android-cds" })).toBeNull();
});

test("an older index out of a cache is forgiven, at this check or at the one before", () => {
  expect(judge([checkAt(hour(7)), again(publishedAt(1) + 4 * MINUTE)])).toBeNull();
  expect(judge([checkAt(publishedAt(1) + 4 * MINUTE), again(hour(12))])).toBeNull();
  expect(judge([checkAt(hour(7)), again(publishedAt(1) + 5 * MINUTE)])).not.toBeNull();
});

test("what a disturbed network made a phone forget comes again once", () => {
  const disturbed: ObservedCheck = { ...checkAt(hour(7)), disturbed: true };
  expect(judge([disturbed, checkAt(hour(12)), again(hour(13))])).toBeNull();
  expect(judge([disturbed, again(hour(12)), again(hour(13))])).toMatchObject({ at: hour(13) });
});

test("a forced restart and an update make phones begin anew", () => {
  const checks = [checkAt(hour(7)), again(hour(12))];
  expect(judge(checks, {}, { events: [{ at: hour(11), kind: "restart-forced", tree: "client" }] })).toBeNull();
  expect(
    judge(checks, {}, { events: [{ at: hour(11), kind: "app-updated", phone: "phone", from: "a", to: "client" }] }),
  ).toBeNull();
  expect(judge(checks, {}, { events: [{ at: hour(7), kind: "restart-forced", tree: "client" }] })).not.toBeNull();
});
