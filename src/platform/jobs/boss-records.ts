// What the job library keeps about a run, in our words.

import type { JobWithMetadata } from "pg-boss";
import type { UnixSeconds } from "../../core/clock.ts";
import type { DeadLetter, JobRun } from "./job-runner.ts";

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
    failedAt: secondsOf(found.createdOn),
    ...failureIn(found.sourceOutput ?? found.output),
  };
}

/** A failed run's output is its error as plain values. */
function failureIn(output: unknown): { code: string | null; message: string | null } {
  const text = (name: string): string | null => {
    const value: unknown = typeof output === "object" && output !== null ? Reflect.get(output, name) : null;
    return typeof value === "string" ? value : null;
  };
  return { code: text("code"), message: text("message") };
}

function secondsOf(instant: Date): UnixSeconds {
  return Math.floor(instant.getTime() / 1_000);
}

/** The library's types promise an instant that is not there before a run has begun. */
function secondsOrNull(instant: Date | null): UnixSeconds | null {
  return instant === null ? null : secondsOf(instant);
}
