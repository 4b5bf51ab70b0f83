// Tests of the export windows that are due (KS 2.3, 13.3 E16).

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR, isoTime, MINUTE } from "./clock.ts";
import { codeOf } from "./coded-error.ts";
import { truncateWindow } from "./intervals.ts";
import {
  assertPeriod,
  type ExportWindow,
  MAX_PLANNED_WINDOWS,
  planWindows,
  type WindowInput,
  type WindowPlan,
} from "./plan-windows.ts";

const midnight = 20_000 * DAY;

/** An instant of the day, or of the days before and after it. */
function at(clockTime: string, days = 0): number {
  const [hours = 0, minutes = 0] = clockTime.split(":").map(Number);
  return midnight + days * DAY + hours * HOUR + minutes * MINUTE;
}

// Windows rest for two hours, so that at 12:11 everything before 10:11 has rested and the hour from 10:00 is open.
const input: WindowInput = {
  exportedUntil: null,
  from: at("00:00"),
  thru: null,
  periodSeconds: HOUR,
  now: at("12:11"),
  minWindowAgeSeconds: 2 * HOUR,
  truncateWindowSeconds: HOUR,
  backfillSeconds: 0,
};

function shown({ windows }: WindowPlan): string[] {
  return windows.map(({ start, end }) => `${isoTime(start).slice(11, 16)}-${isoTime(end).slice(11, 16)}`);
}

/** The windows of one run after another, each of them under the config as changed for it. */
function planRepeatedly(config: WindowInput, runs: readonly Partial<WindowInput>[]): ExportWindow[] {
  const windows: ExportWindow[] = [];
  for (const run of runs) {
    const exportedUntil = windows.at(-1)?.end ?? config.exportedUntil;
    windows.push(...planWindows({ ...config, ...run, exportedUntil }).windows);
  }
  return windows;
}

describe("a config that goes on, at 12:11", () => {
  test.each([
    ["nothing is due", HOUR, at("10:00"), []],
    ["the open hour is not due", HOUR, at("11:00"), []],
    ["all hours since an outage", HOUR, at("07:00"), ["07:00-08:00", "08:00-09:00", "09:00-10:00"]],
    ["quarters", 15 * MINUTE, at("09:00"), ["09:00-09:15", "09:15-09:30", "09:30-09:45", "09:45-10:00"]],
    ["days", DAY, at("00:00", -2), ["00:00-00:00", "00:00-00:00"]],
    ["a lengthened period begins with the rest of its first", HOUR, at("09:15"), ["09:15-10:00"]],
    ["no minute of the open hour", MINUTE, at("09:58"), ["09:58-09:59", "09:59-10:00"]],
    ["a period that is still open", 4 * HOUR, at("04:00"), ["04:00-08:00"]],
    ["a clock that went back", HOUR, at("13:00", 2), []],
  ])("%s", (_name, periodSeconds, exportedUntil, expected) => {
    expect(shown(planWindows({ ...input, periodSeconds, exportedUntil }))).toEqual(expected);
  });
});

describe("the first windows", () => {
  test.each([
    ["begin with the period that holds the start", at("07:20"), HOUR, ["07:00-08:00", "08:00-09:00", "09:00-10:00"]],
    ["wait until the first is complete", at("09:50"), 4 * HOUR, []],
    ["wait for the start", at("13:00"), HOUR, []],
  ])("%s", (_name, from, periodSeconds, expected) => {
    expect(shown(planWindows({ ...input, from, periodSeconds }))).toEqual(expected);
  });

  test("take the history along in one, up to the open period", () => {
    const { windows } = planWindows({
      ...input,
      from: at("12:00"),
      periodSeconds: 4 * HOUR,
      backfillSeconds: 14 * DAY,
    });
    expect(windows).toEqual([{ start: at("12:00", -14), end: at("08:00") }]);
  });

  test("take the history as soon as the config begins, not before", () => {
    const config = { ...input, backfillSeconds: 14 * DAY };
    expect(planWindows({ ...config, from: at("12:12") }).windows).toEqual([]);
    expect(planWindows({ ...config, from: at("12:11") }).windows).toHaveLength(1);
  });

  test("begin the history with a whole release time", () => {
    const { windows } = planWindows({ ...input, from: at("12:10"), backfillSeconds: DAY });
    expect(windows).toEqual([{ start: at("12:00", -1), end: at("10:00") }]);
  });

  test("wait while the history is younger than a window may be", () => {
    expect(planWindows({ ...input, from: at("12:00"), backfillSeconds: HOUR }).windows).toEqual([]);
  });
});

describe("the end of a config", () => {
  test.each([
    ["is cut out of the last period", at("09:30"), at("08:00"), ["08:00-09:00", "09:00-09:30"], true],
    ["waits until its hour has rested", at("10:05"), at("10:00"), [], false],
    ["may lie on a period's end", at("10:00"), at("09:00"), ["09:00-10:00"], true],
    ["has come when all of it is exported", at("09:30"), at("09:30"), [], true],
    ["may be moved before what is exported already", at("07:00"), at("09:00"), [], true],
    ["is still to come", at("18:00"), at("09:00"), ["09:00-10:00"], false],
  ])("%s", (_name, thru, exportedUntil, expected, ended) => {
    const plan = planWindows({ ...input, thru, exportedUntil });
    expect(shown(plan)).toEqual(expected);
    expect(plan.ended).toBe(ended);
  });

  test("does not come to a config without one", () => {
    expect(planWindows({ ...input, exportedUntil: at("10:00") }).ended).toBe(false);
  });

  test("is exported with the history when both are past, however long the period", () => {
    const config = { ...input, from: at("09:00"), periodSeconds: DAY, backfillSeconds: HOUR };
    for (const thru of [at("09:30"), at("10:00")]) {
      expect(planWindows({ ...config, thru })).toEqual({ windows: [{ start: at("08:00"), end: thru }], ended: true });
    }
  });
});

test("one plan is never longer than allowed, and the next goes on", () => {
  const first = planWindows({ ...input, exportedUntil: 0, periodSeconds: 1 });
  expect(first.windows).toHaveLength(MAX_PLANNED_WINDOWS);
  const second = planWindows({ ...input, exportedUntil: MAX_PLANNED_WINDOWS, periodSeconds: 1 });
  expect(second.windows[0]?.start).toBe(first.windows.at(-1)?.end);
});

describe("windows in which nothing happened", () => {
  const quiet = { ...input, exportedUntil: at("05:00") };

  test.each([
    ["are left out up to the one in which something did", at("08:30"), ["08:00-09:00", "09:00-10:00"]],
    ["are left out but for the last that is due", at("12:00"), ["09:00-10:00"]],
    ["are none where something happened at once", at("05:30"), shown(planWindows(quiet))],
    ["were exported already", at("04:00"), shown(planWindows(quiet))],
  ])("%s", (_name, quietUntil, expected) => {
    expect(shown(planWindows({ ...quiet, quietUntil }))).toEqual(expected);
  });

  test("are left out but for the short one at the end of a config", () => {
    const plan = planWindows({ ...quiet, thru: at("08:30"), quietUntil: at("12:00") });
    expect(shown(plan)).toEqual(["08:00-08:30"]);
    expect(plan.ended).toBe(true);
  });
});

describe("a period", () => {
  test.each([1, 60, 7 * 60 + 12, HOUR, 4 * HOUR, DAY])("of %i s is valid", (periodSeconds) => {
    expect(() => assertPeriod(periodSeconds)).not.toThrow();
  });

  test.each([0, -1, 0.5, 7, 5 * HOUR, 2 * DAY, Number.NaN, Infinity])("of %d s is not", (periodSeconds) => {
    let thrown: unknown;
    try {
      planWindows({ ...input, periodSeconds });
    } catch (error) {
      thrown = error;
    }
    expect(codeOf(thrown)).toBe("period_invalid");
  });
});

describe("whatever the config and the clock", () => {
  const period = fc.constantFrom(15 * MINUTE, HOUR, 4 * HOUR, 6 * HOUR, DAY);
  const minuteOfWeek = fc.integer({ min: 0, max: 7 * 24 * 60 }).map((minute) => midnight + minute * MINUTE);
  const anyInput: fc.Arbitrary<WindowInput> = fc.record({
    exportedUntil: fc.option(minuteOfWeek),
    from: minuteOfWeek,
    thru: fc.option(minuteOfWeek),
    periodSeconds: period,
    now: minuteOfWeek,
    minWindowAgeSeconds: fc.constantFrom(0, HOUR, 2 * HOUR, 150 * MINUTE),
    truncateWindowSeconds: fc.constantFrom(MINUTE, HOUR),
    backfillSeconds: fc.constantFrom(0, HOUR, 14 * DAY),
  });

  test("windows are contiguous, closed and aligned", () => {
    fc.assert(
      fc.property(anyInput, (config) => {
        const { windows } = planWindows(config);
        const closedUntil = truncateWindow(config.now - config.minWindowAgeSeconds, config.truncateWindowSeconds);
        let previousEnd = config.exportedUntil ?? windows[0]?.start;
        for (const { start, end } of windows) {
          expect(start).toBe(previousEnd);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(closedUntil);
          expect(end % config.periodSeconds === 0 || end === config.thru).toBe(true);
          previousEnd = end;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("leaving out what is quiet comes exactly as far, and leaves out nothing else", () => {
    fc.assert(
      fc.property(anyInput, minuteOfWeek, (config, quietUntil) => {
        const all = planWindows(config);
        const some = planWindows({ ...config, quietUntil });
        expect(some.ended).toBe(all.ended);
        expect(some.windows.at(-1)).toEqual(all.windows.at(-1));
        const leftOut = all.windows.slice(0, all.windows.length - some.windows.length);
        expect(some.windows).toEqual(all.windows.slice(leftOut.length));
        expect(leftOut.every(({ end }) => end <= quietUntil)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("no window but the history is longer than the period", () => {
    fc.assert(
      fc.property(anyInput, (config) => {
        const { windows } = planWindows(config);
        const isHistory = config.exportedUntil === null && config.backfillSeconds > 0;
        for (const { start, end } of windows.slice(isHistory ? 1 : 0)) {
          expect(end - start).toBeLessThanOrEqual(config.periodSeconds);
        }
      }),
    );
  });

  test("what is left over is younger than a period and the waiting time", () => {
    fc.assert(
      fc.property(anyInput, (config) => {
        fc.pre(config.now >= config.from);
        const plan = planWindows(config);
        const covered = plan.windows.at(-1)?.end ?? config.exportedUntil ?? config.from - config.backfillSeconds;
        const waiting = config.minWindowAgeSeconds + config.truncateWindowSeconds + config.periodSeconds;
        expect(plan.ended || covered > config.now - waiting).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });

  test("after its end has rested, a config is covered exactly until then", () => {
    fc.assert(
      fc.property(anyInput, minuteOfWeek, (config, thru) => {
        fc.pre(thru > config.from && thru > (config.exportedUntil ?? 0));
        const now = thru + config.minWindowAgeSeconds + config.truncateWindowSeconds;
        const plan = planWindows({ ...config, thru, now });
        expect(plan.ended).toBe(true);
        expect(plan.windows.at(-1)?.end).toBe(thru);
      }),
    );
  });

  test("many runs plan the same windows as one", () => {
    fc.assert(
      fc.property(anyInput, fc.array(minuteOfWeek), (anyConfig, moments) => {
        const config = { ...anyConfig, backfillSeconds: 0 };
        const runs = [...moments.filter((now) => now < config.now), config.now].map((now) => ({ now }));
        expect(planRepeatedly(config, runs)).toEqual(planWindows(config).windows);
      }),
      { numRuns: 1_000 },
    );
  });

  test("many runs with a history and edits of the period cover the same time as one", () => {
    const edits = fc.array(fc.record({ now: minuteOfWeek, periodSeconds: period }));
    fc.assert(
      fc.property(anyInput, edits, (config, runs) => {
        const last = { now: midnight + 9 * DAY, periodSeconds: DAY };
        const windows = planRepeatedly(config, [...runs, last]);
        for (const [index, { start }] of windows.slice(1).entries()) expect(start).toBe(windows[index]?.end);
        const atOnce = planWindows({ ...config, ...last }).windows;
        expect(windows.at(-1)?.end).toBe(atOnce.at(-1)?.end);
        // Without a history the first period decides where the first window begins.
        if (config.exportedUntil === null && config.backfillSeconds === 0) return;
        expect(windows[0]?.start).toBe(atOnce[0]?.start);
      }),
      { numRuns: 1_000 },
    );
  });
});
