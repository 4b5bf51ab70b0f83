// The newest line stays (DB I9).

import { expect, test } from "vitest";
import { DAY } from "../../core/clock.ts";
import { rememberedLineStays } from "./i09-remembered-line-stays.ts";
import { hour, indexAt, lineOf, linesUpTo, makeObserved, makeTree, publishedAt } from "./testing/make-observed.ts";

const judge = (lastAt: number, lines: readonly string[], changes: Parameters<typeof makeObserved>[0] = {}) =>
  rememberedLineStays.check(
    makeObserved({
      trees: [makeTree({ indexes: [indexAt(publishedAt(1), linesUpTo(1)), indexAt(lastAt, lines)] })],
      ...changes,
    }),
  );

test("the newest line with others behind it is good, alone or not", () => {
  expect(judge(hour(14), linesUpTo(2))).toBeNull();
  expect(judge(hour(14), linesUpTo(2, 1))).toBeNull();
});

test("an index of new lines only is found", () => {
  expect(judge(hour(14), [lineOf(2)])).toMatchObject({ at: hour(14), where: "client", witness: lineOf(1) });
});

test("after a silence as long as the retention the old line may make room for the new one", () => {
  const windowEnd = hour(8);
  expect(judge(windowEnd + 14 * DAY, [lineOf(2)])).toBeNull();
  expect(judge(windowEnd + 14 * DAY - 1, [lineOf(2)])).not.toBeNull();
});

test("an empty index in between hides nothing", () => {
  const indexes = [indexAt(hour(10), linesUpTo(1)), indexAt(hour(11), ""), indexAt(hour(12), [lineOf(2)])];
  expect(rememberedLineStays.check(makeObserved({ trees: [makeTree({ indexes })] }))).toMatchObject({ at: hour(12) });
});

test("phones that are forced to begin anew remember nothing", () => {
  expect(
    judge(hour(14), [lineOf(2)], { events: [{ at: hour(14), kind: "restart-forced", tree: "client" }] }),
  ).toBeNull();
});
