// What runs jobs in a server, as the admin API and the status see it.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../database/database.ts";
import type { JobDuty } from "./job.ts";

export type JobErrorCode =
  | "job_unknown"
  /** It has no such subject now, or none at all. */
  | "job_subject_unknown"
  | "job_run_unknown"
  | "job_lease_lost"
  /** The clock went back behind the beginning of the run. */
  | "job_outdated"
  /** The job waits until the clock of its process is relied on. */
  | "clock_in_doubt";

/** How the runs of a job went, or those of one of its subjects. */
export interface RunsStatus {
  /** Stays true after its worker died, until the run is taken up again and ends. */
  readonly isRunning: boolean;
  readonly lastStartedAt: UnixSeconds | null;
  readonly lastEndedAt: UnixSeconds | null;
  readonly lastSucceededAt: UnixSeconds | null;
  /** How the last run that ended went; null before the first. */
  readonly lastOutcome: "succeeded" | "failed" | null;
  readonly lastCode: string | null;
  readonly lastMessage: string | null;
  readonly runs: number;
  readonly failures: number;
  /** The code of why it was not begun when it was due last; null: it was begun. */
  readonly waitsFor: string | null;
  readonly waitsSince: UnixSeconds | null;
  /** About when it is due next; null before it ran. */
  readonly nextDueAt: UnixSeconds | null;
}

export interface SubjectStatus extends RunsStatus {
  readonly subject: string;
  /** When its first run was asked for; null: it was not. */
  readonly firstAskedAt: UnixSeconds | null;
}

/** Of a job by subject: of all its subjects together, the last of each instant. */
export interface JobStatus extends RunsStatus {
  readonly name: string;
  readonly duty: JobDuty;
  readonly everySeconds: number;
  /** Those that it has now, in their order; null: the job is none by subject. */
  readonly subjects: readonly SubjectStatus[] | null;
}

export const JOB_RUN_STATES = ["waiting", "running", "succeeded", "failed"] as const;

/** One run that was asked for. */
export interface JobRun {
  readonly id: string;
  readonly job: string;
  /** null: the job as a whole. */
  readonly subject: string | null;
  readonly state: (typeof JOB_RUN_STATES)[number];
  readonly attempts: number;
  readonly createdAt: UnixSeconds;
  readonly startedAt: UnixSeconds | null;
  readonly endedAt: UnixSeconds | null;
  readonly code: string | null;
  readonly message: string | null;
}

/** A run that failed at every attempt. */
export interface DeadLetter {
  readonly id: string;
  readonly job: string;
  /** null: the job as a whole. */
  readonly subject: string | null;
  readonly failedAt: UnixSeconds;
  readonly code: string | null;
  readonly message: string | null;
}

/** A run that was asked for now, or that was waiting already. */
export interface AskedRun {
  readonly id: string;
  /** null: the job as a whole. */
  readonly subject: string | null;
}

export interface JobRunner {
  list(): Promise<JobStatus[]>;
  /**
   * Asks for a run now; of a job by subject, for one of `subject`, or of each. With the caller's transaction as `database`
   * it is asked for when that commits. Throws `job_unknown` and `job_subject_unknown`.
   */
  run(
    name: string,
    asked?: { readonly subject?: string | undefined; readonly database?: Database },
  ): Promise<AskedRun[]>;
  /** Throws `job_unknown`; null when there is no such run, or no longer. */
  findRun(name: string, id: string): Promise<JobRun | null>;
  /** Oldest first, behind the cursor `after`, the id of one. Throws `request_invalid` where there is none of that id. */
  deadLetters(limit: number, after: string | null): Promise<{ items: DeadLetter[]; next: string | null }>;
  /** Takes no new work, waits for what runs within the bound, then gives up its leases. */
  close(withinSeconds: number): Promise<void>;
}
