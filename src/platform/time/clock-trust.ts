// How far a process can rely on its clock, and what it may do meanwhile.

import type { Clock, UnixSeconds } from "../../core/clock.ts";

/**
 * What a piece of work needs of the clock. `closing`: it closes windows, publishes, or writes instants that later work
 * is measured by. `destroying`: it deletes, expires or forgets what cannot be had again.
 */
export const CLOCK_NEEDS = ["none", "closing", "destroying"] as const;
export type ClockNeed = (typeof CLOCK_NEEDS)[number];

/**
 * Why the clock is not relied on. `clock_unproven`: it is ahead as after an ordinary night off, so that only what
 * destroys waits.
 */
export type ClockDoubt =
  | "clock_unread"
  | "clock_ahead"
  | "clock_behind"
  | "clock_jumped"
  | "clock_contradicted"
  | "clock_unproven";

/** Clocks beside our own. `process`: of another process of this server that relies on its own. */
export type ClockWitness = "process" | "database" | "upstreams";

/** What the reliance rests on. `record`: the instant that was recorded last; `first_start`: there is no record yet. */
export type ClockEvidence = "first_start" | "record" | "operator" | ClockWitness | "uptime";

export interface ClockTrust {
  /** null: the clock is relied on. */
  readonly doubt: ClockDoubt | null;
  /** How far the machine's clock is ahead of the time that was expected, in seconds; negative: behind. */
  readonly bySeconds: number;
  readonly allows: Readonly<Record<ClockNeed, boolean>>;
  /** null in doubt. */
  readonly evidence: ClockEvidence | null;
  readonly contradictedBy: readonly ClockWitness[];
  /** For how long the clock has to go on steadily to be relied on for that; null where it is not, or is already. */
  readonly steadyForSeconds: number | null;
  /** Since when the doubt lasts, by this process's own time; null without doubt. */
  readonly since: UnixSeconds | null;
}

/** A clock that knows how far it can be relied on. */
export interface JudgedClock extends Clock {
  trust(): ClockTrust;
  /** What the machine's clock says, right or wrong. */
  machineNow(): UnixSeconds;
}

/** Of a clock that is relied on without a question: a simulation's, or that of a command. */
export function relyOn(clock: Clock): JudgedClock {
  return { now: () => clock.now(), machineNow: () => clock.now(), trust: () => RELIED_ON };
}

export const RELIED_ON: ClockTrust = {
  doubt: null,
  bySeconds: 0,
  allows: { none: true, closing: true, destroying: true },
  evidence: "first_start",
  contradictedBy: [],
  steadyForSeconds: null,
  since: null,
};
