// Which state of a migration follows which, and what has to be proven first; pure.

import { DAY, HOUR, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { Evidence, MigrationState } from "./migration-types.ts";

interface Requirement {
  readonly kind: Evidence["kind"];
  /** Older evidence is stale. */
  readonly withinSeconds: number;
  /** What may be open; nothing else. */
  readonly mayBeOpen: readonly string[];
  /** Whether it has to be observed after the soak time of the state. */
  readonly afterSoak: boolean;
}

interface Station {
  readonly next: MigrationState | null;
  readonly back: MigrationState | null;
  readonly needs: readonly Requirement[];
}

/** An index changes within the hour; what is covered once stays so for a while. */
const CHECKS: Requirement = { kind: "checks", withinSeconds: HOUR, mayBeOpen: [], afterSoak: false };
const COVERAGE: Requirement = { kind: "coverage", withinSeconds: DAY, mayBeOpen: [], afterSoak: false };
/** Nothing of the state is imported yet. */
const CHECKS_BEFORE_IMPORT: Requirement = { ...CHECKS, mayBeOpen: ["coverage"] };

export const STATIONS: Readonly<Record<MigrationState, Station>> = {
  planned: { next: "importing", back: null, needs: [CHECKS_BEFORE_IMPORT] },
  importing: { next: "covered", back: "planned", needs: [CHECKS, COVERAGE] },
  covered: { next: "switched", back: "importing", needs: [CHECKS, COVERAGE] },
  switched: { next: "read-only", back: "covered", needs: [CHECKS, { ...COVERAGE, afterSoak: true }] },
  "read-only": { next: null, back: null, needs: [] },
  cancelled: { next: null, back: null, needs: [] },
};

export interface Standing {
  readonly state: MigrationState;
  readonly stateSince: UnixSeconds;
  /** Of the plan in force, as it was recorded; of two of the same second the later one counts. */
  readonly evidence: readonly Evidence[];
  readonly soakSeconds: number;
}

export interface JudgedNeed {
  readonly kind: Evidence["kind"];
  readonly outcome: "met" | "missing" | "failing" | "stale" | "too_early";
  /** For people. */
  readonly says: string;
}

/** A clock may differ by this much from the observer's. */
export const CLOCK_SLACK_SECONDS = 5 * MINUTE;

/** What the next state needs, and whether it is there; empty at an end. */
export function judgeNeeds(standing: Standing, now: UnixSeconds): JudgedNeed[] {
  return STATIONS[standing.state].needs.map((need) => judgeNeed(need, standing, now));
}

function judgeNeed(need: Requirement, standing: Standing, now: UnixSeconds): JudgedNeed {
  const { kind, withinSeconds, mayBeOpen, afterSoak } = need;
  const soakedAt = standing.stateSince + (afterSoak ? standing.soakSeconds : 0);
  const told = (outcome: JudgedNeed["outcome"], says: string) => ({ kind, outcome, says });
  if (afterSoak && now < soakedAt) return told("too_early", `the soak time ends in ${hours(soakedAt - now)}`);
  const newest = standing.evidence
    // Of a clock that was ahead.
    .filter((one) => one.kind === kind && one.at <= now + CLOCK_SLACK_SECONDS && (!afterSoak || one.at >= soakedAt))
    .reduce<Evidence | null>((last, one) => (last === null || one.at >= last.at ? one : last), null);
  if (newest === null) return told("missing", afterSoak ? "none was made since the soak time" : "none was made yet");
  const open = newest.open.filter((name) => !mayBeOpen.includes(name));
  if (open.length > 0) return told("failing", `the newest one fails: ${open.join(", ")}`);
  if (newest.at < now - withinSeconds) {
    return told("stale", `the newest one is ${hours(now - newest.at)} old, and may be ${hours(withinSeconds)}`);
  }
  return told("met", "it is good");
}

function hours(seconds: number): string {
  return seconds < HOUR ? `${Math.ceil(seconds / MINUTE)} min` : `${Math.ceil(seconds / HOUR)} h`;
}
