// Draws what goes wrong in a world, as much as the level says.

import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import type { Random } from "../../core/random.ts";
import {
  EFFECT_FAULT_KINDS,
  type EffectFaultKind,
  type Operation,
  operationsOf,
  type PlannedFault,
  SERVER_FAULTS,
  type ServerFaultKind,
} from "../faults/fault.ts";
import { oneOf } from "./draw.ts";
import { planTimes } from "./plan-times.ts";
import type { WorldPlan } from "./world-plan.ts";

export const FAULT_LEVELS = ["none", "few", "many"] as const;
export type FaultLevel = (typeof FAULT_LEVELS)[number];

const MOST: Readonly<Record<FaultLevel, number>> = { none: 0, few: 4, many: 12 };
/** A restored database excuses keys, so it is rarer than the others. */
const SERVER_SHARE = 4;

export function drawFaults(random: Random, plan: WorldPlan, level: FaultLevel): PlannedFault[] {
  if (level === "none") return [];
  const { faultsUntil } = planTimes(plan);
  const instant = () => plan.startsAt + random.integer(faultsUntil - plan.startsAt);
  return Array.from({ length: 1 + random.integer(MOST[level] - 1) }, () =>
    random.integer(SERVER_SHARE) === 0
      ? serverFault(random, oneOf(random, SERVER_FAULTS), instant())
      : effectFault(random, oneOf(random, EFFECT_FAULT_KINDS), instant()),
  );
}

function serverFault(random: Random, kind: ServerFaultKind, at: UnixSeconds): PlannedFault {
  return { kind, site: oneOf(random, ["state", "nation"]), at, seconds: secondsOf(random, kind) };
}

function secondsOf(random: Random, kind: ServerFaultKind): number {
  if (kind === "jobs-not-for-a-day") return DAY;
  if (kind === "database-restored") return HOUR * (1 + random.integer(47));
  if (kind === "clock-jumps-ahead" || kind === "clock-jumps-back") return HOUR * (1 + random.integer(11));
  return HOUR * (1 + random.integer(5));
}

function effectFault(random: Random, kind: EffectFaultKind, notBefore: UnixSeconds): PlannedFault {
  const operation = oneOf(random, operationsOf(kind));
  const site = siteOf(random, operation);
  return { kind, site, operation, activity: null, notBefore, passes: random.integer(3) };
}

function siteOf(random: Random, operation: Operation): string {
  if (operation === "upload") return "uploads";
  if (operation === "phone-index" || operation === "phone-archive") return "phones";
  return oneOf(random, ["state", "nation"]);
}
