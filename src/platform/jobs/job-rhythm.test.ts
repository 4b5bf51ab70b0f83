// Every period is kept: what cron says has exactly this distance, everything else goes by slots.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rhythmOf } from "./job-rhythm.ts";

function step(field: string): number {
  return Number(field.split("/")[1] ?? 0);
}

describe("the rhythm of a job", () => {
  test.each([
    [60, "*/1 * * * *"],
    [300, "*/5 * * * *"],
    [3_600, "0 */1 * * *"],
    [4 * 3_600, "0 */4 * * *"],
    [86_400, "0 0 * * *"],
  ])("%d s is %s", (everySeconds, cron) => {
    expect(rhythmOf(everySeconds)).toEqual({ kind: "cron", cron });
  });

  test.each([1, 2, 59, 61, 7 * 60, 5 * 3_600, 7 * 86_400])("%d s goes by slots", (everySeconds) => {
    expect(rhythmOf(everySeconds)).toEqual({ kind: "slots", seconds: everySeconds });
  });

  test("cron is used only where the next unit is divided evenly", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200_000 }), (everySeconds) => {
        const rhythm = rhythmOf(everySeconds);
        if (rhythm.kind === "slots") return rhythm.seconds === everySeconds;
        const [minutes = "", hours = ""] = rhythm.cron.split(" ");
        if (minutes !== "0") return step(minutes) * 60 === everySeconds && 60 % step(minutes) === 0;
        return hours === "0" ? everySeconds === 86_400 : step(hours) * 3_600 === everySeconds && 24 % step(hours) === 0;
      }),
    );
  });
});
