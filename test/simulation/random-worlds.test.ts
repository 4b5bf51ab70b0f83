// Short random worlds of the product, with faults of every kind, two hundred in the long run; some more on PostgreSQL
// where there is one.
//
// What counts as failure: an invariant that breaks in a world, told with the seed that repeats it; a kind of fault that
// never struck; fewer keys, deaths or checks than such worlds have.

import { availableParallelism } from "node:os";
import { expect, inject, test } from "vitest";
import { EFFECT_FAULT_KINDS, SERVER_FAULTS } from "../../src/simulation/faults/fault.ts";
import { exploreWorlds } from "../../src/simulation/worlds/explore-worlds.ts";
import { WHOLE } from "../../src/simulation/worlds/plan-cut.ts";
import { sized } from "../support/test-size.ts";

const WORLDS = sized(3, 200);
const WORLDS_ON_POSTGRES = sized(1, 20);
const THREADS = Math.min(2, availableParallelism());

const explore = (runs: number, firstSeed: number, postgresUrl: string | null) =>
  exploreWorlds({
    runs,
    firstSeed,
    limits: { faults: "many", maxDays: 0.5, maxPhones: 4 },
    cut: WHOLE,
    threads: THREADS,
    postgresUrl,
    shrinkAttempts: 0,
    onProgress: () => undefined,
  });

test("in random worlds every invariant holds", async () => {
  const found = await explore(WORLDS, 1, null);
  expect(found.broken).toEqual([]);
  expect(found.tried).toBe(WORLDS);
  const never = [...EFFECT_FAULT_KINDS, ...SERVER_FAULTS].filter((kind) => !found.faults.has(kind));
  expect(never.length).toBeLessThan(sized(EFFECT_FAULT_KINDS.length, 1));
  expect(found.deaths).toBeGreaterThan(sized(-1, WORLDS / 4));
  expect(found.keys).toBeGreaterThan(20 * WORLDS);
  expect(found.checks).toBeGreaterThan(20 * WORLDS);
});

const postgresUrl = inject("postgresUrl");

test.skipIf(postgresUrl === null)("in some more on PostgreSQL too", async () => {
  const found = await explore(WORLDS_ON_POSTGRES, 5_000, postgresUrl);
  expect(found.broken).toEqual([]);
  expect(found.tried).toBe(WORLDS_ON_POSTGRES);
  expect(found.keys).toBeGreaterThan(0);
  expect(found.deaths).toBeGreaterThan(sized(-1, 0));
});
