// Draws what goes wrong in a world, as much as the level says.

import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { Random } from "../../core/random.ts";
import {
  EFFECT_FAULT_KINDS,
  type EffectFaultKind,
  isEffectFault,
  type Operation,
  operationsOf,
  type PlannedFault,
  SERVER_FAULTS,
  type ServerFault,
  type ServerFaultKind,
} from "../faults/fault.ts";
import { between, oneOf } from "./draw.ts";
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
  const drawn = Array.from({ length: 1 + random.integer(MOST[level] - 1) }, () =>
    random.integer(SERVER_SHARE) === 0
      ? serverFault(random, oneOf(random, SERVER_FAULTS), instant())
      : effectFault(random, oneOf(random, EFFECT_FAULT_KINDS), instant()),
  );
  return oneWrongStartEach(drawn);
}

/** Nobody can tell a clock that is wrong twice, one time on top of the other, from a server that was off. */
function oneWrongStartEach(drawn: readonly PlannedFault[]): PlannedFault[] {
  const struck = new Set<string>();
  return drawn.filter((fault) => {
    if (isEffectFault(fault) || fault.wrongStart === undefined) return true;
    const isFirst = !struck.has(fault.site);
    struck.add(fault.site);
    return isFirst;
  });
}

function serverFault(random: Random, kind: ServerFaultKind, at: UnixSeconds): PlannedFault {
  const site = oneOf(random, ["state", "nation"]);
  if (kind === "starts-with-clock-ahead") return { kind, site, at, ...wrongStart(random, 1) };
  if (kind === "starts-with-clock-behind") return { kind, site, at, ...wrongStart(random, -1) };
  return { kind, site, at, seconds: secondsOf(random, kind) };
}

/** Hours are believed in time, so they may last; by days only an hour of steady agreement can deceive. */
function wrongStart(random: Random, sign: 1 | -1): Pick<ServerFault, "seconds" | "wrongStart"> {
  const isConfirmed = random.integer(1) === 0;
  const isByDays = random.integer(1) === 0;
  const bySeconds =
    sign * (isByDays ? DAY * oneOf(random, [2, 5, 15, 30, 40]) : HOUR * oneOf(random, [1, 2, 5, 12, 24]));
  const seconds = isByDays ? between(random, 10, 50 * MINUTE) : between(random, 10, 3 * HOUR);
  return { seconds, wrongStart: { bySeconds, isConfirmed } };
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
