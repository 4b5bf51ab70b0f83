// One run of a job, or of one of its subjects: the work between the records of its beginning and its end.

import type { Clock, UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { Database } from "../database/database.ts";
import { redactSecrets } from "../observe/redact-secrets.ts";
import type { Report } from "../observe/report.ts";
import type { Job, RunEnd } from "./job.ts";
import { type Worked, writeFailed, writeStarted, writeSucceeded, writeWaits } from "./job-queries.ts";
import type { JobErrorCode } from "./job-runner.ts";

/** Stands around every run, for traces and measurements. */
export type ObserveRun = (job: Worked, work: () => Promise<void>) => Promise<void>;

export interface RunDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly report: Report;
  readonly observe: ObserveRun;
}

const LONGEST_MESSAGE = 500;

/**
 * Ends with the work, or when `lease` is aborted: then the signal that the work has is aborted too, and the features' own
 * fences refuse what it does afterwards. Rejects with a failure that holds no secrets, for the queue to keep. A job that
 * waits is noted as such and not begun.
 */
export async function runRecorded(
  deps: RunDeps,
  job: Job,
  subject: string | null,
  lease: AbortSignal,
): Promise<RunEnd> {
  const { database, clock } = deps;
  const worked: Worked = { name: job.name, subject };
  const about = aboutRun(worked);
  const waitsFor = job.waitsFor?.() ?? null;
  if (waitsFor !== null) {
    deps.report({ event: "job.waits", ...about, code: waitsFor });
    await recording(deps, worked, () => writeWaits(database.db, worked, waitsFor, clock.now()));
    return "done";
  }
  await recording(deps, worked, () => writeStarted(database.db, worked, clock.now()));
  let end: RunEnd = "done";
  try {
    await endWithLease(lease, (signal) =>
      deps.observe(worked, async () => {
        end = await runOnce(job, subject, clock.now(), signal);
      }),
    );
  } catch (error) {
    const failure = failureOf(error);
    deps.report({ event: "job.failed", level: "error", ...about, code: failure.code, why: failure.message });
    await recording(deps, worked, () => writeFailed(database.db, worked, failure, clock.now()));
    throw new CodedError(failure.code, failure.message);
  }
  await recording(deps, worked, () => writeSucceeded(database.db, worked, clock.now()));
  return end;
}

async function runOnce(job: Job, subject: string | null, now: UnixSeconds, signal: AbortSignal): Promise<RunEnd> {
  if (subject !== null && job.bySubject !== undefined) return job.bySubject.runFor(subject, now, signal);
  await job.run(now, signal);
  return "done";
}

/** What an event about a run says of it. */
export function aboutRun({ name, subject }: Worked): { readonly job: string; readonly subject?: string } {
  return subject === null ? { job: name } : { job: name, subject };
}

export function failureOf(error: unknown): { code: string; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  return { code: codeOf(error) ?? "unexpected", message: String(redactSecrets(message.slice(0, LONGEST_MESSAGE))) };
}

async function endWithLease(lease: AbortSignal, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const lost = Promise.withResolvers<never>();
  const ending = new AbortController();
  const lose = () => {
    const error = leaseLost();
    ending.abort(error);
    lost.reject(error);
  };
  lease.addEventListener("abort", lose);
  if (lease.aborted) lose();
  try {
    await Promise.race([work(ending.signal), lost.promise]);
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
async function recording(deps: RunDeps, worked: Worked, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const code = codeOf(error) ?? "unexpected";
    deps.report({ event: "job.record-failed", level: "warn", ...aboutRun(worked), code });
  }
}
