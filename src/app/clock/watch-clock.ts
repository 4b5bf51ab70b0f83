// Watches the clock of a process beside those of others, records what it relies on, and puts back what lies ahead of it.

import { MINUTE, type UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { Database } from "../../platform/database/database.ts";
import { readLastRunAt } from "../../platform/jobs/job-queries.ts";
import type { Report } from "../../platform/observe/report.ts";
import { type ClockState, readClockState, recordSeen } from "../../platform/time/clock-queries.ts";
import type { ClockTrust } from "../../platform/time/clock-trust.ts";
import { NEAR_SECONDS } from "../../platform/time/judge-clock.ts";
import type { ClockNews, SteadyClock } from "../../platform/time/steady-clock.ts";
import type { AllAheadTables } from "./put-back.ts";

/** The clock of the database's machine. */
export interface DatabaseClock {
  /** Whether that is another machine than ours: only then its clock proves anything. */
  readonly isElsewhere: boolean;
  /** null where it cannot be had. */
  read(): Promise<UnixSeconds | null>;
}

export interface ClockWatchDeps {
  readonly clock: SteadyClock;
  readonly database: Database;
  readonly server: AllAheadTables;
  readonly report: Report;
  /** Tells this process from others. */
  readonly instance: string;
  /** null on the embedded database, whose clock is ours. */
  readonly databaseClock: DatabaseClock | null;
  /** What the servers say that this one reads from; asked in doubt only, once a minute. */
  readonly readUpstreams?: () => Promise<readonly UnixSeconds[]>;
}

export interface ClockWatch {
  /**
   * Learns what there is to know, judges anew, and acts on it: records the time, or puts back what lies ahead. To be
   * called before the first job, then every minute, and every few seconds in doubt. Throws the database's codes.
   */
  look(): Promise<ClockTrust>;
  /** An operator's word for this process's clock; others learn of it by the record. */
  callRight(): Promise<ClockTrust>;
}

/** A process whose last record is older does not record any more. */
const SILENT_AFTER_SECONDS = 3 * MINUTE;
/** How long a word given at another process is taken. */
const WORD_HOLDS_SECONDS = 15 * MINUTE;
const UPSTREAMS_EVERY_SECONDS = MINUTE;

/** Learns nothing yet; nothing is relied on before the first look. */
export function createClockWatch(deps: ClockWatchDeps): ClockWatch {
  const { clock, database, server, report, instance, databaseClock } = deps;
  const uptimeSeconds = () => clock.uptimeSeconds();
  let before: ClockState | null = null;
  let heardAt = Number.NEGATIVE_INFINITY;
  let upstreamsAskedAt = Number.NEGATIVE_INFINITY;
  let wordTaken: UnixSeconds | null = null;
  /** Whether what lies ahead was put back since the clock was doubted last. */
  let isPutBack = false;
  let wasDoubted = false;

  /** Where nothing was recorded yet, an older version has left at least when it last ran a job. */
  async function learn(extra: ClockNews): Promise<ClockTrust> {
    const state = await readClockState(database.db);
    const news = {
      ...(before === null ? { recorded: state.seenAt ?? (await readLastRunAt(database.db)) } : {}),
      ...hear(state),
      ...(databaseClock === null ? {} : { database: await readDatabase(databaseClock) }),
      ...hearWord(state),
      ...extra,
    };
    before = state;
    return clock.learn(news);
  }

  /** Another process that records while this one looks on. */
  function hear(state: ClockState): Pick<ClockNews, "process"> {
    const isHeard = before !== null && state.records !== before.records && state.seenBy !== instance;
    if (isHeard) {
      heardAt = uptimeSeconds();
      return { process: state.seenAt };
    }
    return uptimeSeconds() - heardAt > SILENT_AFTER_SECONDS ? { process: null } : {};
  }

  function hearWord({ confirmedAt }: ClockState): Pick<ClockNews, "isCalledRight"> {
    if (confirmedAt === null || confirmedAt === wordTaken) return {};
    const age = clock.machineNow() - confirmedAt;
    if (age < -NEAR_SECONDS || age > WORD_HOLDS_SECONDS) return {};
    wordTaken = confirmedAt;
    return { isCalledRight: true };
  }

  async function askUpstreams(): Promise<Pick<ClockNews, "upstreams">> {
    if (deps.readUpstreams === undefined) return {};
    if (uptimeSeconds() - upstreamsAskedAt < UPSTREAMS_EVERY_SECONDS) return {};
    upstreamsAskedAt = uptimeSeconds();
    return { upstreams: await deps.readUpstreams() };
  }

  async function act(trust: ClockTrust): Promise<ClockTrust> {
    if (trust.doubt !== null) {
      isPutBack = false;
      return trust;
    }
    const now = clock.now();
    // Once more after something was put back: a save that began before may have released its keys ahead meanwhile.
    if (!isPutBack || (await server.isAhead(database.db, now))) {
      isPutBack = (await putBack(now, trust.evidence !== "uptime")) === 0;
    }
    wasDoubted = false;
    await recordSeen(database.db, now, instance);
    return trust;
  }

  /** Answers how much was put back. */
  async function putBack(now: UnixSeconds, isProven: boolean): Promise<number> {
    const counts = await server.putBack({ now, isAfterDoubt: wasDoubted, isProven, wrongSince: null });
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    if (total > 0) report({ event: "clock.put-back", level: "warn", now, ...counts });
    return total;
  }

  async function look(extra: ClockNews): Promise<ClockTrust> {
    const trust = await learn(extra);
    if (trust.doubt === null) return act(trust);
    wasDoubted = true;
    const asked = await askUpstreams().catch((error: unknown) => {
      report({ event: "clock.upstreams-not-read", level: "warn", code: codeOf(error) ?? "unexpected" });
      return {};
    });
    return act(clock.learn(asked));
  }

  return {
    look: () => look({}),
    callRight: () => look({ isCalledRight: true }),
  };
}

async function readDatabase(clock: DatabaseClock): Promise<{ now: UnixSeconds; isElsewhere: boolean } | null> {
  const now = await clock.read();
  return now === null ? null : { now, isElsewhere: clock.isElsewhere };
}
