// The machine's time without its jumps, and how far it can be relied on: what a server works by.

import type { Clock, UnixSeconds } from "../../core/clock.ts";
import type { Report } from "../observe/report.ts";
import type { ClockTrust, JudgedClock } from "./clock-trust.ts";
import { type ClockFacts, type ClockVerdict, isNear, judgeClock } from "./judge-clock.ts";

/** What a process can learn about its clock from outside; each instant as it is at the moment of learning. */
export interface ClockNews {
  /** The last instant that was recorded before this process started; null: none. */
  readonly recorded?: UnixSeconds | null;
  /** What another process recorded just now; null: none does at present. */
  readonly process?: UnixSeconds | null;
  readonly database?: { readonly now: UnixSeconds; readonly isElsewhere: boolean } | null;
  readonly upstreams?: readonly UnixSeconds[];
  /** An operator's word: the machine's clock is right. */
  readonly isCalledRight?: true;
}

export interface SteadyClock extends JudgedClock {
  /** For how long the machine has been up; goes only forward. */
  uptimeSeconds(): number;
  /** Judges anew with what was learnt; what is left out stays as it was. */
  learn(news: ClockNews): ClockTrust;
}

export interface SteadyClockOptions {
  readonly machine: Clock;
  /** For how long the machine has been up, whatever its clock is set to. */
  readonly uptimeSeconds: () => number;
  readonly report: Report;
}

/** Why a clock is not relied on, and how a doubt is reported. */
export type ClockErrorCode =
  /** The record of earlier processes was not read yet. */
  | "clock_unread"
  /** The machine's clock is more than 25 hours ahead of the last record. */
  | "clock_ahead"
  /** The machine's clock is behind the last record. */
  | "clock_behind"
  /** The machine's clock was set to another time; until that is believed, the time goes on as before. */
  | "clock_jumped"
  /** Another clock says something else. */
  | "clock_contradicted"
  /** After a gap of up to 25 hours nothing has confirmed the clock yet. */
  | "clock_unproven";

type Known = Omit<ClockFacts, "offset" | "steadySeconds" | "believed">;

/** Nothing is relied on before `recorded` was learnt. */
export function createSteadyClock({ machine, uptimeSeconds, report }: SteadyClockOptions): SteadyClock {
  let known: Known = { recorded: undefined, process: null, database: null, upstreams: [], word: null };
  let steady = { offset: machine.now() - uptimeSeconds(), sinceUptime: uptimeSeconds() };
  let verdict: ClockVerdict = judgeAt(steady.offset, uptimeSeconds(), null);
  let since: UnixSeconds | null = null;
  let lastTold: UnixSeconds | null = null;

  function judgeAt(offset: number, uptime: number, believed: number | null): ClockVerdict {
    return judgeClock({ ...known, offset, steadySeconds: uptime - steady.sinceUptime, believed });
  }

  function timeOf({ believed }: ClockVerdict, uptime: number): UnixSeconds {
    return Math.floor((believed ?? steady.offset) + uptime);
  }

  /** Looks at the machine's clock, and says what has changed about relying on it. */
  function judge(told: UnixSeconds, uptime: number): void {
    const offset = told - uptime;
    // Follows what goes a little wrong, so that only a jump begins the time of steadiness anew.
    steady = isNear(offset, steady.offset) ? { ...steady, offset } : { offset, sinceUptime: uptime };
    const before = verdict;
    verdict = judgeAt(offset, uptime, before.believed);
    const { doubt } = verdict.trust;
    if (doubt === before.trust.doubt && isNear(verdict.trust.bySeconds, before.trust.bySeconds)) return;
    since = doubt === null ? null : (since ?? timeOf(verdict, uptime));
    tell(before, verdict);
  }

  function tell({ trust: before }: ClockVerdict, { trust }: ClockVerdict): void {
    const { doubt, bySeconds, contradictedBy, evidence } = trust;
    if (doubt === "clock_unread") return;
    if (doubt === null) {
      if (before.doubt !== "clock_unread") {
        report({ event: "clock.believed", bySeconds: before.bySeconds, doubt: before.doubt, evidence });
      }
      return;
    }
    report({
      event: doubt === "clock_jumped" ? "clock.jumped" : "clock.doubted",
      level: doubt === "clock_unproven" ? "warn" : "error",
      code: doubt,
      bySeconds,
      contradictedBy: contradictedBy.join(" ") || null,
      why: WHY[doubt],
    });
  }

  function look(): number {
    const uptime = uptimeSeconds();
    judge(machine.now(), uptime);
    return uptime;
  }

  return {
    now() {
      const told = machine.now();
      // To ask for the uptime at every request would cost more than the rest of its work with clocks.
      if (told === lastTold) return told;
      const uptime = uptimeSeconds();
      judge(told, uptime);
      const now = timeOf(verdict, uptime);
      lastTold = verdict.trust.doubt === null ? told : null;
      return verdict.trust.doubt === null ? told : now;
    },
    machineNow: () => machine.now(),
    uptimeSeconds,
    trust() {
      // Asked at every request, too.
      if (machine.now() !== lastTold) look();
      return { ...verdict.trust, since };
    },
    learn(news) {
      const uptime = uptimeSeconds();
      const offsetOf = (instant: UnixSeconds) => instant - uptime;
      const { recorded, process, database, upstreams, isCalledRight } = news;
      known = {
        recorded: recorded === undefined ? known.recorded : recorded && offsetOf(recorded),
        process: process === undefined ? known.process : process && offsetOf(process),
        database:
          database === undefined
            ? known.database
            : database && { offset: offsetOf(database.now), isElsewhere: database.isElsewhere },
        upstreams: upstreams === undefined ? known.upstreams : upstreams.map(offsetOf),
        word: isCalledRight === true ? offsetOf(machine.now()) : known.word,
      };
      lastTold = null;
      return this.trust();
    },
  };
}

const WHY = {
  clock_ahead:
    "nothing is published, imported or deleted until the clock is confirmed: set it right, or `enks clock confirm` where it is",
  clock_behind:
    "nothing is published, imported or deleted until the clock is confirmed: set it right, or `enks clock confirm` where it is",
  clock_jumped:
    "the time goes on as before and nothing is deleted: set the clock right, or `enks clock confirm` where it is",
  clock_contradicted:
    "another clock says something else: set the clocks right, or `enks clock confirm` where this one is",
  clock_unproven: "nothing is deleted until the clock is confirmed, which takes an hour at most",
} as const;
