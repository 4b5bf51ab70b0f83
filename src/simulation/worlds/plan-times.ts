// How long things take in a world at worst, worked out from its plan.

import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import { isEffectFault, type PlannedFault } from "../faults/fault.ts";
import type { WorldPlan } from "./world-plan.ts";

/** Windows rest so long before they are exported (KS 11.5 MIN_WINDOW_AGE). */
const WINDOW_REST_SECONDS = 2 * HOUR;
/** From midnight to the release of a key that was valid until then (KS 3.7), in whole hours. */
const LATEST_RELEASE_SECONDS = 3 * HOUR;
/** What one failed attempt costs: its next turn, an hour of back-off, and a lease that lapses. */
const SLACK_PER_FAULT_SECONDS = 2 * HOUR;
/** Faults of effects rarely strike at one key's way one after the other. */
const MOST_EFFECT_SLACK_SECONDS = 8 * HOUR;

export interface PlanTimes {
  readonly lastReportAt: UnixSeconds;
  /** Until here faults may strike. */
  readonly faultsUntil: UnixSeconds;
  readonly endsAt: UnixSeconds;
  /** From the release of a key until the farthest index lists it. */
  readonly listedWithinSeconds: number;
  /** Until a phone can have it, its own polling aside. */
  readonly heldWithinSeconds: number;
}

export function planTimes(plan: WorldPlan): PlanTimes {
  const { periodsSeconds: periods, rhythmsSeconds: rhythms, faults } = plan;
  const rhythm = (...jobs: string[]) => jobs.reduce((sum, job) => sum + (rhythms[job] ?? 0), 0);
  const exported = (period: number) => period + WINDOW_REST_SECONDS + rhythm("export", "publish-index");
  const imported = exported(periods.second) + rhythm("import-discover", "import-archives") + plan.indexTtlSeconds;
  const national = imported + exported(periods.national);
  const mirrored = national + rhythm("mirror", "publish-index") + plan.indexTtlSeconds;
  const slack = slackOf(faults);
  const listedWithinSeconds = Math.max(exported(periods.client), mirrored) + slack;
  const heldWithinSeconds = listedWithinSeconds + plan.indexTtlSeconds;
  const lastReportAt = plan.startsAt + plan.reportingSeconds;
  const slowest = Math.max(0, ...plan.phones.map(({ pollSeconds }) => pollSeconds));
  const lastReleaseAt = Math.ceil(lastReportAt / DAY) * DAY + LATEST_RELEASE_SECONDS;
  const endsAt = lastReleaseAt + heldWithinSeconds + slowest + HOUR;
  const faultsUntil = Math.floor((lastReportAt + lastReleaseAt) / 2);
  return { lastReportAt, faultsUntil, endsAt, listedWithinSeconds, heldWithinSeconds };
}

function slackOf(faults: readonly PlannedFault[]): number {
  const ofEffects = sumOfDelays(faults.filter(isEffectFault));
  return Math.min(ofEffects, MOST_EFFECT_SLACK_SECONDS) + sumOfDelays(faults.filter((fault) => !isEffectFault(fault)));
}

function sumOfDelays(faults: readonly PlannedFault[]): number {
  return faults.reduce((sum, fault) => sum + delayOf(fault), 0);
}

function delayOf(fault: PlannedFault): number {
  if (isEffectFault(fault)) return SLACK_PER_FAULT_SECONDS;
  if (fault.kind === "two-workers" || fault.kind === "job-twice") return 0;
  // A disaster takes no longer than it takes to notice it.
  if (fault.kind === "database-restored") return 3 * SLACK_PER_FAULT_SECONDS;
  // Without a word the clock is believed after an hour, once it is right again.
  if (fault.wrongStart !== undefined) return fault.seconds + HOUR + 2 * SLACK_PER_FAULT_SECONDS;
  return fault.seconds + SLACK_PER_FAULT_SECONDS;
}
