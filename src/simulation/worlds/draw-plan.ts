// Draws a random world from a seed: its periods, people, phones and faults.

import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { Random } from "../../core/random.ts";
import { PHONE_KINDS } from "../../device/kinds.ts";
import { seededRandom } from "../../platform/random/seeded-random.ts";
import { between, oneOf } from "./draw.ts";
import { drawFaults, type FaultLevel } from "./draw-faults.ts";
import { planTimes } from "./plan-times.ts";
import type { PlannedPhone, WorldPlan } from "./world-plan.ts";

export interface DrawLimits {
  readonly faults: FaultLevel;
  /** For how many days people report, at most. */
  readonly maxDays: number;
  readonly maxPhones: number;
}

// A fixed Monday: the virtual world needs no present.
const STARTS_AT: UnixSeconds = Date.UTC(2026, 10, 2) / 1_000;
/** Jobs that carry keys, and those that tidy up. */
const CARRYING_JOBS = [
  "export",
  "publish-index",
  "import-discover",
  "import-archives",
  "mirror",
  "refresh-jwks",
] as const;
const TIDYING_JOBS = [
  "refresh-jwks",
  "delete-archives",
  "clean-up-exposures",
  "clean-up-imports",
  "clean-up-receipts",
] as const;

/** The plan of `seed`; what is drawn for one part does not depend on the others. */
export function drawPlan(seed: number, limits: DrawLimits): WorldPlan {
  const random = seededRandom(seed);
  const course = random.fork("course");
  const reportingSeconds = 6 * HOUR * between(course, 2, Math.max(2, Math.floor(limits.maxDays * 4)));
  const importAfterSeconds = oneOf(course, [0, HOUR, Math.floor(reportingSeconds / 3)]);
  const switchAfterSeconds = importAfterSeconds + HOUR * course.integer(Math.floor(reportingSeconds / HOUR));
  const size = random.fork("size");
  const minRecords = oneOf(size, [0, 10, 40]);
  const quiet: WorldPlan = {
    seed,
    startsAt: STARTS_AT,
    reportingSeconds,
    importAfterSeconds,
    switchAfterSeconds,
    periodsSeconds: drawPeriods(random.fork("periods")),
    rhythmsSeconds: drawRhythms(random.fork("rhythms")),
    retentionSeconds: 14 * DAY,
    graceSeconds: oneOf(size, [DAY + 2 * HOUR, 2 * DAY]),
    minRecords,
    paddingRange: oneOf(size, [0, 5, 10]),
    maxRecords: oneOf(size, [60, 500, 500_000]),
    peoplePerDay: { state: between(size, 3, 14), nation: between(size, 1, 10) },
    indexTtlSeconds: oneOf(size, [0, MINUTE, 5 * MINUTE, 10 * MINUTE]),
    cdnNodes: between(size, 1, 3),
    phones: [],
    faults: [],
  };
  const phones = drawPhones(random.fork("phones"), quiet, limits.maxPhones);
  const peopled = { ...quiet, phones };
  const faulty = { ...peopled, faults: drawFaults(random.fork("faults"), peopled, limits.faults) };
  return { ...faulty, retentionSeconds: drawRetention(random.fork("retention"), faulty) };
}

function drawPeriods(random: Random): WorldPlan["periodsSeconds"] {
  const hours = () => HOUR * oneOf(random, [1, 2, 4, 4, 6, 8]);
  return { client: hours(), second: hours(), national: hours() };
}

function drawRhythms(random: Random): WorldPlan["rhythmsSeconds"] {
  const carrying = CARRYING_JOBS.map((job) => [job, HOUR * oneOf(random, [1, 2, 2, 3, 3, 4])] as const);
  const tidying = TIDYING_JOBS.map((job) => [job, HOUR * oneOf(random, [3, 4, 6])] as const);
  return Object.fromEntries([...carrying, ...tidying]);
}

function drawPhones(random: Random, plan: WorldPlan, most: number): PlannedPhone[] {
  const { lastReportAt } = planTimes(plan);
  return Array.from({ length: between(random, Math.min(2, most), most) }, (_, at) => {
    const { name, pollSeconds } = oneOf(random, PHONE_KINDS);
    // The first looks at the nation: without it a broken import would cost nobody anything before the switch.
    const follows = at === 0 || random.integer(3) === 0 ? "national" : "state-client";
    const awaySeconds = HOUR * between(random, 6, 30);
    const from = plan.startsAt + HOUR * random.integer(Math.floor(plan.reportingSeconds / HOUR));
    const isAway = random.integer(4) === 0 && from + awaySeconds <= lastReportAt;
    return { kind: name, follows, pollSeconds, away: isAway ? { from, until: from + awaySeconds } : null };
  });
}

/** As short as every phone can bear, so that lines expire while a world lasts; or the usual fourteen days. */
function drawRetention(random: Random, plan: WorldPlan): number {
  const slowest = Math.max(
    0,
    ...plan.phones.map(({ pollSeconds, away }) => pollSeconds + (away === null ? 0 : away.until - away.from)),
  );
  // A database that goes back further has forgotten archives that no index lists any more.
  const restored = plan.faults.map((fault) => (fault.kind === "database-restored" ? fault.seconds + 4 * HOUR : 0));
  const least = Math.max(planTimes(plan).heldWithinSeconds + slowest + 2 * HOUR, ...restored);
  return random.integer(1) === 0 ? 14 * DAY : Math.min(14 * DAY, least);
}
