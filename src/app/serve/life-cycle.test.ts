// The life cycle of a server process: every event in every phase, and what holds for any order of events.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EXIT_CODES } from "../../core/exit-codes.ts";
import { BORN, type LifeEvent, type LifeState, nextStep, type Phase } from "./life-cycle.ts";

const EVENTS: readonly LifeEvent[] = [
  { kind: "started" },
  { kind: "start-failed" },
  { kind: "stop-asked", drains: true },
  { kind: "stop-asked", drains: false },
  { kind: "end-asked" },
  { kind: "crashed" },
  { kind: "drained" },
  { kind: "closed" },
  { kind: "stop-overdue" },
];

function follow(events: readonly LifeEvent[]) {
  const actions: string[] = [];
  let state: LifeState = BORN;
  for (const event of events) {
    const step = nextStep(state, event);
    state = step.state;
    actions.push(...step.actions);
  }
  return { ...state, actions };
}

const asked = (drains: boolean): LifeEvent => ({ kind: "stop-asked", drains });
const other = (kind: Exclude<LifeEvent["kind"], "stop-asked">): LifeEvent => ({ kind });

describe("a process", () => {
  test.each<[string, LifeEvent[], Phase, number, string[]]>([
    [
      "drains, closes and stops",
      [other("started"), asked(true), other("drained"), other("closed")],
      "stopped",
      0,
      ["limit-stop", "drain", "close", "end"],
    ],
    ["closes at once without a drain", [other("started"), asked(false)], "stopping", 0, ["limit-stop", "close"]],
    [
      "whose start fails closes and fails",
      [other("start-failed"), other("closed")],
      "failed",
      1,
      ["limit-stop", "close", "end"],
    ],
    [
      "told to stop while it starts stops",
      [asked(true), other("closed")],
      "stopped",
      0,
      ["limit-stop", "close", "end"],
    ],
    [
      "that stops has not started, whatever ends then",
      [asked(true), other("started")],
      "stopping",
      0,
      ["limit-stop", "close"],
    ],
    [
      "that stops has not failed to start",
      [asked(true), other("start-failed"), other("closed")],
      "stopped",
      0,
      ["limit-stop", "close", "end"],
    ],
    [
      "ends hard when the time for a stop is up",
      [other("started"), asked(false), other("stop-overdue")],
      "failed",
      1,
      ["limit-stop", "close", "end"],
    ],
    [
      "ends hard when that is up in the drain",
      [other("started"), asked(true), other("stop-overdue")],
      "failed",
      1,
      ["limit-stop", "drain", "end"],
    ],
    [
      "ends hard when a failed start does not close",
      [other("start-failed"), other("stop-overdue")],
      "failed",
      1,
      ["limit-stop", "close", "end"],
    ],
    [
      "ends at once at a second wish",
      [other("started"), asked(true), other("end-asked")],
      "failed",
      130,
      ["limit-stop", "drain", "end"],
    ],
    ["ends at once at a crash", [other("started"), other("crashed")], "failed", 1, ["end"]],
  ])("%s", (_, events, phase, exitCode, actions) => {
    expect(follow(events)).toEqual({ phase, exitCode, actions });
  });
});

describe("in any order of events", () => {
  const orders = fc.array(fc.constantFrom(...EVENTS), { maxLength: 12 });

  test("each action is taken once at most, and every way out has its bound", () => {
    fc.assert(
      fc.property(orders, (events) => {
        const { actions, phase } = follow(events);
        expect(new Set(actions).size).toBe(actions.length);
        const isOnItsWayOut = phase === "draining" || phase === "stopping";
        if (isOnItsWayOut) expect(actions[0]).toBe("limit-stop");
        expect(actions.includes("end")).toBe(phase === "stopped" || phase === "failed");
      }),
    );
  });

  test("whatever has happened, the bound or a second wish ends it", () => {
    fc.assert(
      fc.property(orders, fc.constantFrom<LifeEvent>(other("stop-overdue"), other("end-asked")), (events, last) => {
        expect(["stopped", "failed"]).toContain(follow([...events, last]).phase);
      }),
    );
  });

  test("the end is final, and 0 means that everything was closed", () => {
    fc.assert(
      fc.property(orders, orders, (events, later) => {
        const { phase, exitCode } = follow(events);
        if (phase !== "stopped" && phase !== "failed") return;
        expect(follow([...events, ...later])).toMatchObject({ phase, exitCode });
        expect(phase === "stopped").toBe(exitCode === EXIT_CODES.done);
        if (phase === "stopped") expect(events.some(({ kind }) => kind === "closed")).toBe(true);
      }),
    );
  });
});
