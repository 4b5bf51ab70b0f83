// One run of a job: the job's work between the records of its beginning and its end.

import type { Clock } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { Database } from "../database/database.ts";
import { redactSecrets } from "../observe/redact-secrets.ts";
import type { Report } from "../observe/report.ts";
import type { Job } from "./job.ts";
import { writeFailed, writeStarted, writeSucceeded, writeWaits } from "./job-queries.ts";
import type { JobErrorCode } from "./job-runner.ts";

/** Stands around every run, for traces and measurements. */
export type ObserveRun = (job: string, work: () => Promise<void>) => Promise<void>;

export interface RunDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly report: Report;
  readonly observe: ObserveRun;
}

const LONGEST_MESSAGE = 500;

/**
 * Ends with the job's work, or when `lease` is aborted: what a run that hangs does afterwards counts for nothing here,
 * and in the data the features' own fences refuse it. Rejects with a failure that holds no secrets, for the queue to keep.
 * A job that waits is noted as such and not begun.
 */
export async function runRecorded(deps: RunDeps, job: Job, lease: AbortSignal): Promise<void> {
  const { database, clock } = deps;
  const waitsFor = job.waitsFor?.() ?? null;
  if (waitsFor !== null) {
    deps.report({ event: "job.waits", job: job.name, code: waitsFor });
    await recording(deps, job, () => writeWaits(database.db, job.name, waitsFor, clock.now()));
    return;
  }
  await recording(deps, job, () => writeStarted(database.db, job.name, clock.now()));
  try {
    await endWithLease(
      deps.observe(job.name, () => job.run(clock.now())),
      lease,
    );
  } catch (error) {
    const failure = failureOf(error);
    deps.report({ event: "job.failed", level: "error", job: job.name, code: failure.code, why: failure.message });
    await recording(deps, job, () => writeFailed(database.db, job.name, failure, clock.now()));
    throw new CodedError(failure.code, failure.message);
  }
  await recording(deps, job, () => writeSucceeded(database.db, job.name, clock.now()));
}

export function failureOf(error: unknown): { code: string; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  return { code: codeOf(error) ?? "unexpected", message: String(redactSecrets(message.slice(0, LONGEST_MESSAGE))) };
}

async function endWithLease(work: Promise<void>, lease: AbortSignal): Promise<void> {
  const lost = Promise.withResolvers<never>();
  const lose = () => lost.reject(leaseLost());
  lease.addEventListener("abort", lose);
  if (lease.aborted) lose();
  try {
    await Promise.race([work, lost.promise]);
  } finally {
    lease.removeEventListener("abort", lose);
  }
}

function leaseLost(): CodedError<JobErrorCode> {
  return new CodedError("job_lease_lost", "the run took too long, or its process stops or was out of reach", {
    remedy: "It is tried again by whichever process is free.",
  });
}

/** A record that cannot be written stops no work. */
async function recording(deps: RunDeps, job: Job, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    deps.report({ event: "job.record-failed", level: "warn", job: job.name, code: codeOf(error) ?? "unexpected" });
  }
}
