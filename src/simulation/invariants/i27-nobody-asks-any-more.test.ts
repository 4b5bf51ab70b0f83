// Nobody asks any more (DB I27).

import { expect, test } from "vitest";
import { DAY } from "../../core/clock.ts";
import { nobodyAsksAnyMore } from "./i27-nobody-asks-any-more.ts";
import { checkAt, hour, makeObserved, makePhone, placeOf } from "./testing/make-observed.ts";

const OFF_AT = hour(0) + 20 * DAY;
const OFF = { at: OFF_AT, kind: "switched-off" as const, tree: "client" };

function judge(checkedAt: number, tree = "client") {
  const follows = [{ from: hour(0), ...placeOf(tree), roaming: [] }];
  return nobodyAsksAnyMore.check(
    makeObserved({ phones: [makePhone({ follows, checks: [checkAt(checkedAt)] })], events: [OFF] }),
  );
}

test("fourteen days without a check are good, a second less is found at the end", () => {
  expect(judge(OFF_AT - 14 * DAY)).toBeNull();
  expect(judge(OFF_AT - 14 * DAY + 1)).toMatchObject({ at: OFF_AT, where: "client", witness: "phone" });
});

test("a phone that asks afterwards is found when it asks", () => {
  expect(judge(OFF_AT + 5)).toMatchObject({ at: OFF_AT + 5, witness: "phone" });
});

test("phones of other trees do not count, requests that the script tells of do", () => {
  expect(judge(OFF_AT - 1, "national")).toBeNull();
  const asked = { at: OFF_AT - DAY, kind: "index-requested" as const, tree: "client", phone: "somebody's" };
  expect(nobodyAsksAnyMore.check(makeObserved({ events: [asked, OFF] }))).toMatchObject({ witness: "somebody's" });
});
