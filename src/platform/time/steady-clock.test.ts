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

beforeEach(() => {
  uptime = 0.5;
  wrongBy = 0;
  events = [];
  clock = createSteadyClock({
    machine: { now: () => truth() + wrongBy },
    uptimeSeconds: () => uptime,
    report: (event) => void events.push(event),
  });
});

test("without jumps it is the machine's", () => {
  for (const seconds of [0, 1, 0.3, 0.3, 1_000, 5 * DAY]) {
    pass(seconds);
    expect(clock.now()).toBe(truth());
  }
  expect(clock.isDoubtful()).toBe(false);
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

describe.each([
  ["hours ahead", 5 * HOUR],
  ["hours back", -5 * HOUR],
  ["days ahead", 20 * DAY],
  ["days back", -20 * DAY],
])("a clock that jumps %s", (_, by) => {
  beforeEach(() => {
    pass(HOUR);
    clock.now();
    wrongBy = by;
  });

  test("is not followed, is reported once, and costs nothing when it is put right", () => {
    for (let minute = 0; minute < 50; minute++) {
      pass(MINUTE);
      expect(clock.now()).toBe(truth());
      expect(clock.isDoubtful()).toBe(true);
    }
    expect(events).toEqual([expect.objectContaining({ event: "clock.jumped", code: "clock_jumped", bySeconds: by })]);
    wrongBy = 0;
    pass(1);
    expect(clock.now()).toBe(truth());
    expect(clock.isDoubtful()).toBe(false);
  });

  test("is believed after an hour, but a jump of more than a day only by a new start", () => {
    clock.now();
    pass(HOUR);
    const isSmall = Math.abs(by) <= DAY;
    expect(clock.now()).toBe(truth() + (isSmall ? by : 0));
    pass(30 * DAY);
    expect(clock.now()).toBe(truth() + (isSmall ? by : 0));
    expect(clock.isDoubtful()).toBe(!isSmall);
  });
});

test("a clock that goes on jumping is believed only when it has stood for an hour", () => {
  for (let jump = 1; jump <= 5; jump++) {
    wrongBy = jump * 2 * HOUR;
    clock.now();
    pass(50 * MINUTE);
    expect(clock.now()).toBe(truth());
  }
  pass(11 * MINUTE);
  expect(clock.now()).toBe(truth() + wrongBy);
});

describe("with what an earlier process saw", () => {
  test("time goes on from there where the clock is behind, until it is put right", () => {
    wrongBy = -20 * DAY;
    const started = createSteadyClock({
      machine: { now: () => truth() + wrongBy },
      uptimeSeconds: () => uptime,
      report: (event) => void events.push(event),
    });
    started.startFrom(truth());
    pass(10 * MINUTE);
    expect([started.now(), started.isDoubtful()]).toEqual([truth(), true]);
    wrongBy = 0;
    expect([started.now(), started.isDoubtful()]).toEqual([truth(), false]);
  });

  test("a clock that stays behind is believed after an hour: that process was wrong", () => {
    clock.startFrom(truth() + 20 * DAY);
    expect(clock.now()).toBe(truth() + 20 * DAY);
    pass(HOUR);
    expect([clock.now(), clock.isDoubtful()]).toEqual([truth(), false]);
  });

  test("one that is in order changes nothing", () => {
    clock.startFrom(truth() - 100 * DAY);
    clock.startFrom(truth() + MINUTE);
    expect([clock.now(), clock.isDoubtful(), events]).toEqual([truth(), false, []]);
  });
});
