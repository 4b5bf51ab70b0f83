// No state of a migration is left without the evidence for it, and an end is an end.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../core/clock.ts";
import { type Evidence, MIGRATION_STATES, type MigrationState } from "./migration-types.ts";
import { judgeNeeds, STATIONS } from "./state-machine.ts";

const NOW = 1_795_514_400;

function evidence(kind: Evidence["kind"], at: number, open: readonly string[] = []): Evidence {
  return { kind, at, open, planDigest: "p", statementDigest: "s", signedBy: "k" };
}

function outcomes(state: MigrationState, given: readonly Evidence[], stateSince = NOW - 3 * DAY) {
  const needs = judgeNeeds({ state, stateSince, evidence: given, soakSeconds: 2 * DAY }, NOW);
  return Object.fromEntries(needs.map(({ kind, outcome }) => [kind, outcome]));
}

describe("what the next state needs", () => {
  test.each([
    ["planned", [evidence("checks", NOW)], { checks: "met" }],
    ["planned", [evidence("checks", NOW, ["coverage"])], { checks: "met" }],
    ["planned", [evidence("checks", NOW, ["coverage", "key-names"])], { checks: "failing" }],
    ["planned", [], { checks: "missing" }],
    ["importing", [evidence("checks", NOW)], { checks: "met", coverage: "missing" }],
    ["importing", [evidence("checks", NOW), evidence("coverage", NOW)], { checks: "met", coverage: "met" }],
    [
      "importing",
      [evidence("checks", NOW, ["coverage"]), evidence("coverage", NOW)],
      { checks: "failing", coverage: "met" },
    ],
    [
      "covered",
      [evidence("checks", NOW - HOUR - 1), evidence("coverage", NOW - DAY)],
      { checks: "stale", coverage: "met" },
    ],
    ["covered", [evidence("checks", NOW), evidence("coverage", NOW - DAY - 1)], { checks: "met", coverage: "stale" }],
    [
      "covered",
      [evidence("checks", NOW), evidence("coverage", NOW, ["national exports"])],
      { checks: "met", coverage: "failing" },
    ],
    ["switched", [evidence("checks", NOW), evidence("coverage", NOW)], { checks: "met", coverage: "met" }],
    [
      "switched",
      [evidence("checks", NOW), evidence("coverage", NOW - DAY - 1)],
      { checks: "met", coverage: "missing" },
    ],
  ] as const)("%s with %j: %j", (state, given, expected) => {
    expect(outcomes(state, given)).toEqual(expected);
  });

  test("the newest report counts, whichever was recorded last", () => {
    const given = [evidence("checks", NOW, ["clocks"]), evidence("checks", NOW - 60)];
    expect(outcomes("planned", given)).toEqual({ checks: "failing" });
  });

  test("of two of the same second the one that was recorded later counts", () => {
    expect(outcomes("planned", [evidence("checks", NOW, ["clocks"]), evidence("checks", NOW)])).toEqual({
      checks: "met",
    });
  });

  test("a report of a clock that was ahead counts for nothing", () => {
    expect(outcomes("planned", [evidence("checks", NOW + DAY)])).toEqual({ checks: "missing" });
  });

  test("nothing before the soak time is over", () => {
    const given = [evidence("checks", NOW), evidence("coverage", NOW)];
    expect(outcomes("switched", given, NOW - DAY)).toEqual({ checks: "met", coverage: "too_early" });
  });
});

test("every state before an end has a next one, and one goes back to where it came from", () => {
  for (const state of MIGRATION_STATES) {
    const { next, back, needs } = STATIONS[state];
    expect(needs.length > 0).toBe(next !== null);
    if (back !== null) expect(STATIONS[back].next).toBe(state);
  }
});

test("however evidence comes and time goes on, the end is reached by way of every state, each with fresh evidence", () => {
  const step = fc.record({
    seconds: fc.integer({ min: 0, max: 2 * DAY }),
    does: fc.constantFrom("checks", "coverage", "bad_coverage", "advance", "back"),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let state: MigrationState = "planned";
      let now = NOW;
      let stateSince = NOW;
      const recorded: Evidence[] = [];
      for (const { seconds, does } of steps) {
        now += seconds;
        if (does === "checks" || does === "coverage") recorded.push(evidence(does, now));
        else if (does === "bad_coverage") recorded.push(evidence("coverage", now, ["nation"]));
        else if (does === "back") [state, stateSince] = [STATIONS[state].back ?? state, now];
        else {
          const needs = judgeNeeds({ state, stateSince, evidence: recorded, soakSeconds: 2 * DAY }, now);
          const next: MigrationState | null = STATIONS[state].next;
          if (next === null || needs.some(({ outcome }) => outcome !== "met")) continue;
          const last = recorded.findLast(({ kind }) => kind === "coverage");
          if (state !== "planned") expect(last).toMatchObject({ open: [] });
          if (state === "switched") expect(last?.at).toBeGreaterThanOrEqual(stateSince + 2 * DAY);
          expect(recorded.findLast(({ kind }) => kind === "checks")?.at).toBeGreaterThanOrEqual(now - HOUR);
          [state, stateSince] = [next, now];
        }
      }
    }),
  );
});
