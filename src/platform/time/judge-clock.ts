// Whether a process can rely on its machine's clock: every rule about it, pure.

import { HOUR, MINUTE } from "../../core/clock.ts";
import type { ClockDoubt, ClockEvidence, ClockNeed, ClockTrust, ClockWitness } from "./clock-trust.ts";

/** Less is followed at once: leases, tokens and windows bear it. */
export const NEAR_SECONDS = 5 * MINUTE;
/** So long after the last record a start is an ordinary one, of which nothing has to be proved. */
export const ORDINARY_GAP_SECONDS = 30 * MINUTE;
/** A longer gap is no night off; a clock that is a day ahead in another time zone is beyond it too. */
export const LONGEST_GAP_SECONDS = 25 * HOUR;
/** A clock that goes with its machine's uptime for so long, and that no other clock contradicts, is right. */
export const STEADY_SECONDS = HOUR;

/** Clocks as their offset: the instant that one tells, less the machine's uptime at that moment. */
export interface ClockFacts {
  /** Of the machine's clock. */
  readonly offset: number;
  /** For how long it has gone with the uptime. */
  readonly steadySeconds: number;
  /** What this process has relied on so far; null: on none since it started. */
  readonly believed: number | null;
  /** Of the last instant that was recorded before this process started; null: none; undefined: not read yet. */
  readonly recorded: number | null | undefined;
  /** Of another process that relies on its clock and records at present. */
  readonly process: number | null;
  readonly database: { readonly offset: number; readonly isElsewhere: boolean } | null;
  readonly upstreams: readonly number[];
  /** Of the clock that an operator called right. */
  readonly word: number | null;
}

export interface ClockVerdict {
  /** What the process's own time is taken from; null: the machine's clock as it is. */
  readonly believed: number | null;
  readonly trust: Omit<ClockTrust, "since">;
}

/** Answers whether the clock is relied on, by what, and what may be done meanwhile. */
export function judgeClock(facts: ClockFacts): ClockVerdict {
  const { offset, believed, recorded } = facts;
  const contradictedBy = contradictionsOf(offset, facts);
  const proof = proofOf(facts, contradictedBy);
  if (proof !== null) return relied(offset, proof, contradictedBy);
  if (recorded === undefined) return doubted(facts, null, "clock_unread", 0, "none");
  if (believed !== null) return judgeRunning(facts, believed, contradictedBy);
  if (recorded === null) return judgeStart(facts, 0, "first_start", contradictedBy);
  return judgeStart(facts, offset - recorded, "record", contradictedBy);
}

/** A process that has relied on its clock goes on by its uptime, whatever happens to the machine's. */
function judgeRunning(facts: ClockFacts, believed: number, contradictedBy: readonly ClockWitness[]): ClockVerdict {
  const { offset, process } = facts;
  const by = offset - believed;
  // Two processes that both rely on clocks so different: one of them closes windows of the future.
  const isAlone = process === null || isNear(process, believed);
  const allowed = isAlone ? "closing" : "none";
  if (!isNear(offset, believed)) return doubted(facts, believed, "clock_jumped", by, allowed);
  const isContradicted = contradictedBy.some((witness) => witness !== "upstreams");
  if (isContradicted) return doubted(facts, offset, "clock_contradicted", by, allowed);
  return relied(offset, "uptime", contradictedBy);
}

function judgeStart(
  facts: ClockFacts,
  by: number,
  evidence: "first_start" | "record",
  contradictedBy: readonly ClockWitness[],
): ClockVerdict {
  if (by > LONGEST_GAP_SECONDS) return doubted(facts, null, "clock_ahead", by, "none");
  if (by < -NEAR_SECONDS) return doubted(facts, null, "clock_behind", by, "none");
  const isOrdinary = by <= ORDINARY_GAP_SECONDS;
  // After a night off, servers of others alone hold up what destroys, and nothing else.
  const isContradicted = contradictedBy.some((witness) => witness !== "upstreams");
  if (isContradicted) return doubted(facts, null, "clock_contradicted", by, "none");
  if (!isOrdinary && contradictedBy.length > 0) return doubted(facts, null, "clock_contradicted", by, "closing");
  return isOrdinary
    ? relied(facts.offset, evidence, contradictedBy)
    : doubted(facts, null, "clock_unproven", by, "closing");
}

/** What proves the clock beyond the record: the strongest first, and none against a stronger witness. */
function proofOf(facts: ClockFacts, contradictedBy: readonly ClockWitness[]): ClockEvidence | null {
  const { offset, process, database, upstreams, word, steadySeconds } = facts;
  if (word !== null && isNear(word, offset)) return "operator";
  if (contradictedBy.includes("process")) return null;
  if (process !== null) return "process";
  if (contradictedBy.includes("database")) return null;
  // A host that runs both machines may be wrong itself, and nothing destroys as much as a clock far ahead.
  const isDisputed = contradictedBy.includes("upstreams") && isFarAhead(facts);
  if (database?.isElsewhere === true && !isDisputed) return "database";
  if (contradictedBy.includes("upstreams")) return null;
  if (upstreams.length > 0 && upstreams.every((one) => isNear(one, offset))) return "upstreams";
  return facts.recorded !== undefined && steadySeconds >= STEADY_SECONDS ? "uptime" : null;
}

function isFarAhead({ offset, recorded, believed }: ClockFacts): boolean {
  return offset - (believed ?? recorded ?? offset) > LONGEST_GAP_SECONDS;
}

/** A database on this machine proves nothing where it agrees, as its clock is ours; it can contradict all the same. */
function contradictionsOf(offset: number, { process, database, upstreams }: ClockFacts): ClockWitness[] {
  const found: ClockWitness[] = [];
  if (process !== null && !isNear(process, offset)) found.push("process");
  if (database !== null && !isNear(database.offset, offset)) found.push("database");
  // Where some agree, the others are wrong themselves.
  if (upstreams.length > 0 && !upstreams.some((one) => isNear(one, offset))) found.push("upstreams");
  return found;
}

function relied(offset: number, evidence: ClockEvidence, contradictedBy: readonly ClockWitness[]): ClockVerdict {
  const allows = { none: true, closing: true, destroying: true };
  return {
    believed: offset,
    trust: { doubt: null, bySeconds: 0, allows, evidence, contradictedBy, steadyForSeconds: null },
  };
}

function doubted(
  facts: ClockFacts,
  believed: number | null,
  doubt: ClockDoubt,
  by: number,
  allowed: Exclude<ClockNeed, "destroying">,
): ClockVerdict {
  const contradictedBy = contradictionsOf(facts.offset, facts);
  const allows = { none: true, closing: allowed === "closing", destroying: false };
  const steadyForSeconds =
    contradictedBy.length === 0 ? Math.max(0, Math.ceil(STEADY_SECONDS - facts.steadySeconds)) : null;
  return {
    believed,
    trust: { doubt, bySeconds: Math.round(by), allows, evidence: null, contradictedBy, steadyForSeconds },
  };
}

export function isNear(one: number, other: number): boolean {
  return Math.abs(one - other) <= NEAR_SECONDS;
}
