// Two hundred short random worlds of the product, with faults of every kind.
//
// What counts as failure: an invariant that breaks in a world, told with the seed that repeats it; a kind of fault that
// never struck; fewer keys, deaths or checks than such worlds have.

import { availableParallelism } from "node:os";
import { expect, test } from "vitest";
import { EFFECT_FAULT_KINDS, SERVER_FAULTS } from "../../src/simulation/faults/fault.ts";
import { exploreWorlds } from "../../src/simulation/worlds/explore-worlds.ts";
import { WHOLE } from "../../src/simulation/worlds/plan-cut.ts";

const WORLDS = 200;

test("in two hundred random worlds every invariant holds", async () => {
  const found = await exploreWorlds({
    runs: WORLDS,
    firstSeed: 1,
    limits: { faults: "many", maxDays: 0.5, maxPhones: 4 },
    cut: WHOLE,
    threads: Math.min(2, availableParallelism()),
    postgresUrl: null,
    shrinkAttempts: 0,
    onProgress: () => undefined,
  });
  expect(found.broken).toEqual([]);
  expect(found.tried).toBe(WORLDS);
  const never = [...EFFECT_FAULT_KINDS, ...SERVER_FAULTS].filter((kind) => !found.faults.has(kind));
  expect(never).toEqual([]);
  expect(found.deaths).toBeGreaterThan(WORLDS / 4);
  expect(found.keys).toBeGreaterThan(20 * WORLDS);
  expect(found.checks).toBeGreaterThan(20 * WORLDS);
}, 600_000);
