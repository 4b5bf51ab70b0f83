// What the job library keeps about a run, in our words.

import type { JobWithMetadata } from "pg-boss";
import type { UnixSeconds } from "../../core/clock.ts";
import { subjectOf } from "./ask-for-runs.ts";
import type { DeadLetter, JobErrorCode, JobRun } from "./job-runner.ts";

const LEASE_LOST: JobErrorCode = "job_lease_lost";

const STATES: Readonly<Record<JobWithMetadata["state"], JobRun["state"]>> = {
  created: "waiting",
  retry: "waiting",
  active: "running",
  completed: "succeeded",
  cancelled: "failed",
  failed: "failed",
};

export function jobRunOf(found: JobWithMetadata): JobRun {
  return {
    id: found.id,
    job: found.name,
    subject: subjectOf(found.data),
    state: STATES[found.state],
    attempts: found.retryCount + (found.state === "created" ? 0 : 1),
    createdAt: secondsOf(found.createdOn),
    startedAt: secondsOrNull(found.startedOn),
    endedAt: secondsOrNull(found.completedOn),
    ...failureIn(found.output),
  };
}

export function deadLetterOf(found: JobWithMetadata): DeadLetter {
  return {
    id: found.id,
    job: found.sourceName ?? found.name,
    subject: subjectOf(found.data),
    failedAt: secondsOf(found.createdOn),
    ...failureIn(found.sourceOutput ?? found.output),
  };
}

/** A failed run's output is its error as plain values, or the library's own words where it took the lease away. */
function failureIn(output: unknown): { code: string | null; message: string | null } {
  const message = textIn(output, "message");
  if (message !== null) return { code: textIn(output, "code") ?? "unexpected", message };
  const words = textIn(output, "value") ?? textIn(valueIn(output, "value"), "message");
  return { code: words === null ? null : LEASE_LOST, message: words };
}

function textIn(holder: unknown, name: string): string | null {
  const value = valueIn(holder, name);
  return typeof value === "string" ? value : null;
}

function valueIn(holder: unknown, name: string): unknown {
  return typeof holder === "object" && holder !== null ? Reflect.get(holder, name) : null;
}

function secondsOf(instant: Date): UnixSeconds {
  return Math.floor(instant.getTime() / 1_000);
}

/** The library's types promise an instant that is not there before a run has begun. */
function secondsOrNull(instant: Date | null): UnixSeconds | null {
  return instant === null ? null : secondsOf(instant);
}
