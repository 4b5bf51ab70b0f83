// Every fault at every effect, in the long run, else samples of them: two servers, phones and people live through each,
// deterministically.
//
// What counts as failure: an invariant that breaks in any of the worlds; a pair of a fault and an effect that never came
// about; a fault of a server as a whole that never came about.

import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../src/core/clock.ts";
import {
  faultsOf,
  OPERATIONS,
  SERVER_FAULTS,
  type ServerFault,
  type ServerFaultKind,
  type WrongStart,
} from "../../src/simulation/faults/fault.ts";
import { checkPlan } from "../../src/simulation/worlds/check-plan.ts";
import { drawPlan } from "../../src/simulation/worlds/draw-plan.ts";
import { planTimes } from "../../src/simulation/worlds/plan-times.ts";
import { pairsOf, type SweptFault, sweepWorlds } from "../../src/simulation/worlds/sweep-faults.ts";
import { openWorldHome, type WorldHome } from "../../src/simulation/worlds/world-home.ts";
import { tryWorld, type WorldOutcome } from "../../src/simulation/worlds/world-outcome.ts";
import type { WorldPlan } from "../../src/simulation/worlds/world-plan.ts";
import { sampled } from "../support/test-size.ts";

const TOGETHER = { together: 14, apartSeconds: 2 * HOUR };
const ALONE = { together: 1, apartSeconds: 0 };

let home: WorldHome;
beforeAll(async () => {
  home = await openWorldHome(null);
});
afterAll(() => home[Symbol.asyncDispose]());

/** A state that joins a nation within hours, so that every effect of a migration comes about in a short world. */
function baseWorld(): WorldPlan {
  const drawn = drawPlan(1, { faults: "none", maxDays: 1, maxPhones: 2 });
  const plan: WorldPlan = {
    ...drawn,
    reportingSeconds: 18 * HOUR,
    importAfterSeconds: HOUR,
    switchAfterSeconds: 8 * HOUR,
    periodsSeconds: { client: 2 * HOUR, second: 2 * HOUR, national: 2 * HOUR },
    rhythmsSeconds: Object.fromEntries(Object.keys(drawn.rhythmsSeconds).map((job) => [job, 2 * HOUR])),
    minRecords: 10,
    paddingRange: 5,
    maxRecords: 500,
    peoplePerDay: { state: 10, nation: 7 },
    indexTtlSeconds: 60,
    graceSeconds: DAY + 2 * HOUR,
    phones: [
      { kind: "android-lenient", follows: "national", pollSeconds: 4 * HOUR, away: null },
      { kind: "ios-version-2", follows: "state-client", pollSeconds: 6 * HOUR, away: null },
    ],
  };
  return { ...plan, retentionSeconds: planTimes(plan).heldWithinSeconds + 6 * HOUR };
}

async function live(plan: WorldPlan): Promise<WorldOutcome> {
  checkPlan(plan);
  const outcome = await tryWorld(plan, { home });
  const faults = plan.faults.map((fault) =>
    "operation" in fault ? `${fault.site} ${fault.activity} ${fault.operation} ${fault.kind}` : fault.kind,
  );
  expect(outcome.broken, `with ${faults.join("; ")}`).toEqual([]);
  return outcome;
}

/** Lives through worlds that hold all pairs; answers those that never struck. */
async function sweep(base: WorldPlan, pairs: readonly SweptFault[], packing: typeof TOGETHER): Promise<SweptFault[]> {
  const struck = new Set<string>();
  for (const plan of sweepWorlds(base, pairs, packing)) {
    const { struckAt } = await live(plan);
    for (const name of Object.keys(struckAt)) struck.add(name);
  }
  return pairs.filter(({ name }) => !struck.has(name));
}

test("no fault at any effect breaks an invariant", async () => {
  const base = baseWorld();
  // Long enough for lines to expire and for their archives to be deleted.
  const scout = await live({ ...base, reportingSeconds: 2 * DAY });
  const effects = Object.keys(scout.effects);
  const operations = new Set(effects.map((effect) => effect.split(" ")[2]));
  expect(OPERATIONS.filter((operation) => !operations.has(operation))).toEqual([]);
  const all = pairsOf(effects);
  expect(all.length).toBeGreaterThan(200);
  const pairs = sampled(all, 97);
  const [deletions, others] = [true, false].map((isDeletion) =>
    pairs.filter(({ fault }) => (fault.operation === "delete-object") === isDeletion),
  );
  const left = await sweep(base, others ?? [], TOGETHER);
  // What another fault of its world had prevented, or what takes a longer life to come about.
  const late = { ...base, reportingSeconds: 2 * DAY };
  const apart = { together: 4, apartSeconds: 4 * HOUR };
  const never = await sweep(late, await sweep(late, left, apart), ALONE);
  expect(never.map(({ name }) => name)).toEqual([]);
  // Long enough for lines to expire and for their archives to be deleted, and faults to follow.
  const old = { ...base, reportingSeconds: 5 * DAY, peoplePerDay: { state: 3, nation: 3 } };
  const kept = await sweep(old, await sweep(old, deletions ?? [], apart), ALONE);
  expect(kept.map(({ name }) => name)).toEqual([]);
  expect(faultsOf("delete-object").length).toBeGreaterThan(2);
});

function wrongStartOf(kind: ServerFaultKind): WrongStart | null {
  if (kind === "starts-with-clock-ahead") return { bySeconds: 30 * DAY, isConfirmed: false };
  return kind === "starts-with-clock-behind" ? { bySeconds: -30 * DAY, isConfirmed: true } : null;
}

test.each(sampled(SERVER_FAULTS, 5))("%s at either server breaks no invariant", async (kind) => {
  const base = baseWorld();
  for (const site of sampled(["nation", "state"], 2)) {
    const seconds = kind === "jobs-not-for-a-day" ? DAY : 6 * HOUR;
    const at = base.startsAt + 9 * HOUR;
    const wrongStart = wrongStartOf(kind);
    const fault: ServerFault =
      wrongStart === null ? { kind, site, at, seconds } : { kind, site, at, seconds: 40 * MINUTE, wrongStart };
    const plan = { ...base, faults: [fault] };
    const retentionSeconds = planTimes(plan).heldWithinSeconds + 12 * HOUR;
    const { struck } = await live({ ...plan, retentionSeconds });
    expect(struck[kind], `${kind} at the ${site}`).toBeGreaterThan(0);
  }
});
