// All invariants together: good worlds break none, whatever they are like; what is broken comes in order of time.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ALL_INVARIANTS } from "./all-invariants.ts";
import { findViolations } from "./find-violations.ts";
import type { GoodPlan } from "./testing/good-plan.ts";
import { liveGoodWorld } from "./testing/live-good-world.ts";
import { archiveOf, hour, indexAt, linesUpTo, makeObserved, makeTree } from "./testing/make-observed.ts";

const person = fc.record({
  place: fc.constantFrom("state" as const, "nation" as const),
  entersHour: fc.nat(200),
  releasedAfterHours: fc.nat(20),
  keys: fc.integer({ min: 1, max: 4 }),
  revision: fc.option(
    fc.record({
      afterHours: fc.integer({ min: 1, max: 60 }),
      to: fc.constantFrom("confirmed" as const, "revoked" as const),
    }),
  ),
});

const phone = fc.record({
  follows: fc.constantFrom("client" as const, "national" as const),
  pollHours: fc.constantFrom(1, 4, 6, 8, 24),
  beginsHour: fc.nat(150),
  away: fc.option(fc.record({ fromHour: fc.nat(200), hours: fc.integer({ min: 1, max: 100 }) })),
});

const plan: fc.Arbitrary<GoodPlan> = fc.record({
  hours: fc.integer({ min: 30, max: 500 }),
  switchHour: fc.nat(120),
  retentionHours: fc.integer({ min: 48, max: 336 }),
  minRecords: fc.constantFrom(0, 3, 30),
  people: fc.array(person, { maxLength: 25 }),
  phones: fc.array(phone, { maxLength: 4 }),
});

test("a world of correct servers and phones breaks no invariant", () => {
  fc.assert(
    fc.property(plan, (each) => {
      const found = findViolations(liveGoodWorld(each));
      expect(found.map(({ invariant, violation }) => [invariant.id, violation])).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test("the same world without one key in one archive breaks the invariant on coverage", () => {
  const [place, revision] = ["state" as const, null];
  const people = [0, 10, 20, 30].map((entersHour) => ({ place, entersHour, releasedAfterHours: 0, keys: 3, revision }));
  const phones = [{ follows: "client" as const, pollHours: 4, beginsHour: 0, away: null }];
  const world = liveGoodWorld({ hours: 100, switchHour: 40, retentionHours: 80, minRecords: 5, people, phones });
  expect(findViolations(world)).toEqual([]);
  const lost = world.keys[5];
  const trees = world.trees.map((tree) => ({
    ...tree,
    archives: tree.archives.map(({ content, ...archive }) => ({
      ...archive,
      content: content && {
        ...content,
        primaries: content.primaries.filter((record) => record !== lost?.states[0]?.recordHex),
      },
    })),
  }));
  const missed = findViolations({ ...world, trees }).find(({ invariant }) => invariant.id === "I17");
  // Released in the tenth hour, and fifteen more for the way.
  expect(missed?.violation).toMatchObject({ at: hour(10 + 15), where: "client", witness: lost?.keyHex });
});

test("every invariant has its own id, a rule and an experience", () => {
  const ids = ALL_INVARIANTS.map(({ id }) => id);
  expect(ids.slice(0, 27)).toEqual(Array.from({ length: 27 }, (_, n) => `I${n + 1}`));
  expect(ids.slice(27)).toEqual(Array.from({ length: ids.length - 27 }, (_, n) => `O${n + 1}`));
  for (const { rule, experience } of ALL_INVARIANTS)
    expect([rule, experience]).toEqual([expect.stringMatching(/\.$/), expect.stringMatching(/\.$/)]);
});

test("what is broken comes in order of time", () => {
  const indexes = [
    indexAt(hour(6), linesUpTo(0), 86_400),
    indexAt(hour(10), `${linesUpTo(1).join("\n")}\n`),
    indexAt(hour(11), ""),
  ];
  const archives = [archiveOf(0), archiveOf(1, { content: { batchSize: 2 } })];
  const found = findViolations(makeObserved({ trees: [makeTree({ indexes, archives })] }));
  expect(found.map(({ invariant, violation }) => [violation.at, invariant.id])).toEqual([
    [hour(6), "I6"],
    [hour(10), "I11"],
    [hour(10), "I13"],
    [hour(11), "I4"],
    [hour(11), "I23"],
  ]);
});
