// Lines stay for their retention (DB I23).

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../core/clock.ts";
import { retention } from "./i23-retention.ts";
import { hour, indexAt, lineOf, linesUpTo, makeObserved, makePhone, makeTree } from "./testing/make-observed.ts";

/** The window of the first line ended after four hours. */
const DUE = hour(4) + 14 * DAY;

function judge(leftAt: number, changes: Parameters<typeof makeObserved>[0] = {}) {
  const indexes = [indexAt(hour(6), linesUpTo(0)), indexAt(leftAt, linesUpTo(1, 1))];
  return retention.check(makeObserved({ trees: [makeTree({ indexes })], ...changes }));
}

const rollOut = (seconds: number) =>
  retention.check(
    makeObserved({
      phones: [makePhone({ pollSeconds: DAY }), makePhone({ name: "quick" })],
      events: [{ at: hour(1), kind: "trust-rolled-out", tree: "client", until: hour(1) + seconds }],
    }),
  );

test("a line may leave fourteen days after its window, and no second earlier", () => {
  expect(judge(DUE)).toBeNull();
  expect(judge(DUE - 1)).toMatchObject({ at: DUE - 1, where: "client", witness: lineOf(0) });
});

test("a clock that was wrong, a restart, and a tree that is switched off are forgiven", () => {
  expect(judge(DUE - 60, { limits: { ...makeObserved().limits, clockErrorSeconds: 60 } })).toBeNull();
  expect(judge(hour(9), { events: [{ at: hour(9), kind: "restart-forced", tree: "client" }] })).toBeNull();
  expect(judge(hour(9), { events: [{ at: hour(9), kind: "switched-off", tree: "client" }] })).toBeNull();
});

test("a roll-out of trust that takes longer than the retention, slowest phone included, is found", () => {
  expect(rollOut(13 * DAY)).toBeNull();
  expect(rollOut(13 * DAY + HOUR)).toMatchObject({ at: hour(1), where: "client" });
});
