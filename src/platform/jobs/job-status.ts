// A job's state as people see it, and that of each of its subjects.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Job } from "./job.ts";
import type { JobState, Worked } from "./job-queries.ts";
import type { JobStatus, RunsStatus, SubjectStatus } from "./job-runner.ts";

type States = readonly (Worked & JobState)[];

/** `subjects`: those that the job has now; null: it is none by subject. */
export function jobStatusOf(job: Job, subjects: readonly string[] | null, states: States): JobStatus {
  const stateOf = (subject: string | null) => states.find((one) => one.name === job.name && one.subject === subject);
  const whole = stateOf(null);
  const everySeconds = whole?.everySeconds ?? job.everySeconds;
  const facts = { name: job.name, duty: job.duty, everySeconds };
  if (subjects === null) return { ...facts, ...runsOf(whole, everySeconds), subjects: null };
  const each = subjects.map((subject): SubjectStatus => {
    const state = stateOf(subject);
    return { subject, ...runsOf(state, everySeconds), firstAskedAt: state?.firstAskedAt ?? null };
  });
  return { ...facts, ...together(each), subjects: each };
}

function runsOf(state: JobState | undefined, everySeconds: number): RunsStatus {
  const { lastStartedAt = null, lastEndedAt = null, lastSucceededAt = null } = state ?? {};
  const { isRunning = false, lastCode = null, lastMessage = null, runs = 0, failures = 0 } = state ?? {};
  const { waitsFor = null, waitsSince = null } = state ?? {};
  return {
    isRunning,
    lastStartedAt,
    lastEndedAt,
    lastSucceededAt,
    lastOutcome: lastEndedAt === null ? null : lastCode === null ? "succeeded" : "failed",
    lastCode,
    lastMessage,
    runs,
    failures,
    waitsFor,
    waitsSince,
    nextDueAt: lastStartedAt === null ? null : lastStartedAt + everySeconds,
  };
}

/** It failed where the last run of one of them did; the failure shown is the one that ended last. */
function together(each: readonly RunsStatus[]): RunsStatus {
  const failed = each.filter(({ lastOutcome }) => lastOutcome === "failed");
  const worst = failed.toSorted((a, b) => (b.lastEndedAt ?? 0) - (a.lastEndedAt ?? 0))[0];
  const waiting = each.find(({ waitsFor }) => waitsFor !== null);
  const lastEndedAt = last(each.map((one) => one.lastEndedAt));
  return {
    isRunning: each.some(({ isRunning }) => isRunning),
    lastStartedAt: last(each.map((one) => one.lastStartedAt)),
    lastEndedAt,
    lastSucceededAt: last(each.map((one) => one.lastSucceededAt)),
    lastOutcome: worst !== undefined ? "failed" : lastEndedAt === null ? null : "succeeded",
    lastCode: worst?.lastCode ?? null,
    lastMessage: worst?.lastMessage ?? null,
    runs: each.reduce((sum, { runs }) => sum + runs, 0),
    failures: each.reduce((sum, { failures }) => sum + failures, 0),
    waitsFor: waiting?.waitsFor ?? null,
    waitsSince: waiting?.waitsSince ?? null,
    nextDueAt: first(each.map((one) => one.nextDueAt)),
  };
}

function last(instants: readonly (UnixSeconds | null)[]): UnixSeconds | null {
  return instants.reduce((found, one) => (one === null ? found : Math.max(found ?? one, one)), null);
}

function first(instants: readonly (UnixSeconds | null)[]): UnixSeconds | null {
  return instants.reduce((found, one) => (one === null ? found : Math.min(found ?? one, one)), null);
}
