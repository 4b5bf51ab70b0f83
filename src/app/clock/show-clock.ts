// The clock of a process in the words of readiness, status and the admin API: one judgement for all.

import { isoTime, isoTimeOrNull, type UnixSeconds } from "../../core/clock.ts";
import type { ClockDoubt, ClockTrust } from "../../platform/time/clock-trust.ts";
import type { ClockBody } from "./clock-schemas.ts";

export type ClockFailure = Exclude<ClockDoubt, "clock_unproven">;

/** The code for which somebody has to look; null also after an ordinary gap, which ends by itself. */
export function clockFailure({ doubt }: Pick<ClockTrust, "doubt">): ClockFailure | null {
  return doubt === "clock_unproven" ? null : doubt;
}

/** `now`: by which the process works; `machineNow`: what its machine says. */
export function showClock(trust: ClockTrust, now: UnixSeconds, machineNow: UnixSeconds): ClockBody {
  const { doubt, bySeconds, allows, evidence, contradictedBy, steadyForSeconds, since } = trust;
  return {
    freshness: clockFailure(trust) === null ? "healthy" : "broken",
    reasons: doubt === null ? [] : [doubt],
    time: isoTime(now),
    machineTime: isoTime(machineNow),
    offBySeconds: bySeconds,
    doubtedSince: isoTimeOrNull(since),
    waits: allows.destroying ? "nothing" : allows.closing ? "deletions" : "everything",
    evidence,
    contradictedBy: [...contradictedBy],
    steadyForSeconds,
  };
}
