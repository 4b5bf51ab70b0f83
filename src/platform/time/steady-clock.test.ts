// The steady clock goes on where the machine's clock jumps, and follows it again when that is right.

import { beforeEach, describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../core/clock.ts";
import type { ReportedEvent } from "../observe/report.ts";
import { createSteadyClock, type SteadyClock } from "./steady-clock.ts";

const START = 1_800_000_000;

let uptime: number;
/** How far the machine's clock is from the truth. */
let wrongBy: number;
let events: ReportedEvent[];
let clock: SteadyClock;
const truth = () => START + Math.floor(uptime);
function pass(seconds: number): void {
  uptime += seconds;
}

/** A process that starts now, on a machine that has run for a while. */
function start(): SteadyClock {
  return createSteadyClock({
    machine: { now: () => truth() + wrongBy },
    uptimeSeconds: () => uptime,
    report: (event) => void events.push(event),
  });
}

beforeEach(() => {
  uptime = 0.5;
  wrongBy = 0;
  events = [];
  clock = start();
  clock.learn({ recorded: truth() - MINUTE });
});

test("without jumps it is the machine's", () => {
  for (const seconds of [0, 1, 0.3, 0.3, 1_000, 5 * DAY]) {
    pass(seconds);
    expect(clock.now()).toBe(truth());
  }
  expect(clock.trust()).toMatchObject({ doubt: null, since: null });
  expect(events).toEqual([]);
});

test("a clock that goes a little wrong, again and again, is followed", () => {
  for (let day = 1; day <= 10; day++) {
    pass(DAY);
    wrongBy -= 4 * MINUTE;
    expect(clock.now()).toBe(truth() + wrongBy);
  }
  expect(events).toEqual([]);
});

test("nothing may be done before the record of earlier processes was read", () => {
  const started = start();
  expect(started.trust()).toMatchObject({ doubt: "clock_unread", allows: { closing: false, destroying: false } });
  pass(5 * HOUR);
  expect(started.trust()).toMatchObject({ doubt: "clock_unread", allows: { closing: false, destroying: false } });
  expect(events).toEqual([]);
});

describe.each([
  ["hours ahead", 5 * HOUR],
  ["hours back", -5 * HOUR],
  ["days ahead", 20 * DAY],
  ["days back", -20 * DAY],
])("a clock that jumps %s", (_, by) => {
  beforeEach(() => {
    pass(10 * MINUTE);
    clock.now();
    wrongBy = by;
  });

  test("is not followed, is reported once, and costs nothing when it is put right", () => {
    const jumpedAt = truth();
    for (let minute = 0; minute < 50; minute++) {
      expect(clock.now()).toBe(truth());
      expect(clock.trust()).toMatchObject({
        doubt: "clock_jumped",
        bySeconds: by,
        allows: { closing: true, destroying: false },
        steadyForSeconds: HOUR - minute * MINUTE,
        since: jumpedAt,
      });
      pass(MINUTE);
    }
    expect(events).toEqual([expect.objectContaining({ event: "clock.jumped", code: "clock_jumped", bySeconds: by })]);
    wrongBy = 0;
    pass(1);
    expect(clock.now()).toBe(truth());
    expect(clock.trust()).toMatchObject({ doubt: null, since: null });
  });

  test("is believed after an hour, whatever the distance", () => {
    clock.now();
    pass(HOUR);
    expect(clock.now()).toBe(truth() + by);
    expect(clock.trust()).toMatchObject({ doubt: null, evidence: "uptime" });
    pass(30 * DAY);
    expect(clock.now()).toBe(truth() + by);
    expect(events.at(-1)).toMatchObject({ event: "clock.believed", bySeconds: by });
  });

  test("is believed at once on an operator's word", () => {
    expect(clock.learn({ isCalledRight: true })).toMatchObject({ doubt: null, evidence: "operator" });
    expect(clock.now()).toBe(truth() + by);
  });
});

test("a clock that goes on jumping is believed only when it has gone steadily for an hour", () => {
  for (let jump = 1; jump <= 5; jump++) {
    wrongBy = jump * 2 * HOUR;
    clock.now();
    pass(50 * MINUTE);
    expect(clock.now()).toBe(truth());
  }
  pass(11 * MINUTE);
  expect(clock.now()).toBe(truth() + wrongBy);
});

describe("a start", () => {
  test.each([
    ["without any record", null, null],
    ["a minute behind the record", START + MINUTE, null],
    ["after a long pause", START - 26 * HOUR, "clock_ahead"],
    ["after a night", START - 10 * HOUR, "clock_unproven"],
    ["before the record", START + HOUR, "clock_behind"],
  ])("%s goes by the machine's clock, relied on or not", (_, recorded, doubt) => {
    const started = start();
    expect(started.learn({ recorded })).toMatchObject({ doubt });
    expect(started.now()).toBe(truth());
  });

  test("in doubt is over when the clock is put right", () => {
    wrongBy = 30 * DAY;
    const started = start();
    expect(started.learn({ recorded: truth() })).toMatchObject({ doubt: "clock_ahead", bySeconds: 30 * DAY });
    pass(MINUTE);
    wrongBy = 0;
    expect(started.trust()).toMatchObject({ doubt: null, evidence: "record" });
    expect(started.now()).toBe(truth());
  });

  test("in doubt is believed after an hour, and not before", () => {
    wrongBy = 30 * DAY;
    const started = start();
    started.learn({ recorded: truth() });
    pass(HOUR - 1);
    expect(started.trust().doubt).toBe("clock_ahead");
    pass(1);
    expect(started.trust()).toMatchObject({ doubt: null, evidence: "uptime" });
    expect(started.now()).toBe(truth() + wrongBy);
  });
});
