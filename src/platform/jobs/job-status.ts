// A job's state as people see it.

import type { Job } from "./job.ts";
import type { JobState } from "./job-queries.ts";
import type { JobStatus } from "./job-runner.ts";

export function jobStatusOf(job: Job, state: JobState | undefined): JobStatus {
  const { lastStartedAt = null, lastEndedAt = null, lastSucceededAt = null } = state ?? {};
  const { isRunning = false, lastCode = null, lastMessage = null, runs = 0, failures = 0 } = state ?? {};
  const { waitsFor = null, waitsSince = null } = state ?? {};
  const everySeconds = state?.everySeconds ?? job.everySeconds;
  return {
    name: job.name,
    duty: job.duty,
    everySeconds,
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
