// Worlds that make no sense are refused, instead of breaking invariants that nobody could keep.

import { DAY, HOUR } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { PHONE_KINDS } from "../../device/kinds.ts";
import { planTimes } from "./plan-times.ts";
import type { WorldPlan } from "./world-plan.ts";

export type WorldErrorCode = "world_impossible";

/** Throws `world_impossible` with the reason. */
export function checkPlan(plan: WorldPlan): void {
  const reason = findNonsense(plan);
  if (reason !== null) throw new CodedError<WorldErrorCode>("world_impossible", reason);
}

function findNonsense(plan: WorldPlan): string | null {
  const { periodsSeconds, retentionSeconds, phones } = plan;
  for (const [name, seconds] of Object.entries(periodsSeconds)) {
    if (!(seconds > 0 && DAY % seconds === 0)) return `the period of the ${name} export does not divide a day`;
    if (seconds >= retentionSeconds) return `the period of the ${name} export is not shorter than the retention`;
  }
  const { heldWithinSeconds, lastReportAt, endsAt } = planTimes(plan);
  if (plan.reportingSeconds <= 0) return "nobody has time to report";
  if (plan.switchAfterSeconds < plan.importAfterSeconds) return "the content is switched before it is imported";
  if (plan.startsAt + plan.switchAfterSeconds >= endsAt) return "the world ends before the content is switched";
  if (plan.minRecords + plan.paddingRange > plan.maxRecords) return "an archive cannot hold its padding";
  if (plan.graceSeconds < plan.indexTtlSeconds + DAY + HOUR)
    return "archives are deleted while phones are on their way to them";
  if (plan.retentionSeconds <= heldWithinSeconds) return "a line can expire before the key in it has come everywhere";
  if (phones.length === 0) return "nobody follows";
  for (const { kind, pollSeconds, away } of phones) {
    if (!PHONE_KINDS.some(({ name }) => name === kind)) return `there is no kind of phones called ${kind}`;
    const absence = away === null ? 0 : away.until - away.from;
    if (pollSeconds + absence >= retentionSeconds) return `the ${kind} looks so seldom that lines expire in between`;
    if (away !== null && away.until > lastReportAt) return `the ${kind} does not come back before the end`;
  }
  return null;
}
