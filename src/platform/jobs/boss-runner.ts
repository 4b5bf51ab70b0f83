// Jobs on pg-boss, in the server's own database: shared by all its processes, each run done by one of them.

import { join } from "node:path";
import { type Clock, HOUR } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { Database } from "../database/database.ts";
import type { MigrationSet } from "../database/migrate.ts";
import { limitRepeats } from "../observe/limit-repeats.ts";
import type { Report } from "../observe/report.ts";
import { askNow } from "./ask-for-runs.ts";
import { type Lease, prepareQueues } from "./boss-queues.ts";
import { jobRunOf } from "./boss-records.ts";
import { Workers } from "./boss-workers.ts";
import type { Job } from "./job.ts";
import { readJobStates } from "./job-queries.ts";
import type { AskedRun, JobErrorCode, JobRunner, JobStatus } from "./job-runner.ts";
import { jobStatusOf } from "./job-status.ts";
import { openBoss } from "./open-boss.ts";
import { isRunId, readDeadLetters } from "./read-dead-letters.ts";
import type { ObserveRun } from "./run-recorded.ts";

export const jobMigrations: MigrationSet = { name: "jobs", folder: join(import.meta.dirname, "migrations") };

export interface BossRunnerOptions {
  readonly database: Database;
  /** Every job of the server, whether this process runs it or not. */
  readonly jobs: readonly Job[];
  /** Which of them this process runs. */
  readonly isHere: (job: Job) => boolean;
  readonly clock: Clock;
  readonly report: Report;
  readonly observe?: ObserveRun;
  /** Default 30 seconds without a sign of life, 2 hours for a run. */
  readonly lease?: Lease;
  /** How often a run that failed is tried again; default 3. */
  readonly retryLimit?: number;
  /** How often a process looks for lost leases; default 10. */
  readonly superviseEverySeconds?: number;
}

const LEASE: Lease = { heartbeatSeconds: 30, longestRunSeconds: 2 * HOUR };

/** About how long it takes a caller to commit the transaction in which it asked for a run. */
const COMMIT_MILLISECONDS = 250;

/** Starts the workers. Throws the database's codes. */
export async function startBossRunner(options: BossRunnerOptions): Promise<JobRunner> {
  const { database, jobs, clock, lease = LEASE, retryLimit = 3, superviseEverySeconds = 10 } = options;
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const reportTrouble = limitRepeats(options.report, clock);
  const queue = await openBoss({ database, reportTrouble, superviseEverySeconds });
  const workers = new Workers(queue, { ...options, reportTrouble });
  try {
    await prepareQueues(queue.boss, jobs, lease, retryLimit);
    await workers.watchClock();
    for (const job of jobs.filter(options.isHere)) await workers.start(job);
  } catch (error) {
    await workers.close(1).catch(() => undefined);
    throw error;
  }

  function requireJob(name: string): Job {
    const job = byName.get(name);
    if (job !== undefined) return job;
    throw new CodedError<JobErrorCode>("job_unknown", `there is no job "${name}"`);
  }

  /** null: the job as a whole. */
  async function subjectsToRun(
    { name, bySubject }: Job,
    subject: string | undefined,
    joined: Database | undefined,
  ): Promise<readonly (string | null)[]> {
    if (bySubject === undefined && subject === undefined) return [null];
    const subjects = (await bySubject?.subjects(clock.now(), joined?.db)) ?? [];
    if (subject === undefined) return subjects;
    if (subjects.includes(subject)) return [subject];
    throw new CodedError<JobErrorCode>("job_subject_unknown", `${name} has nothing to do for "${subject}" now`, {
      remedy: "`enks job show` lists what it works on.",
    });
  }

  return {
    async list() {
      const states = await readJobStates(database.db);
      const now = clock.now();
      const statuses: JobStatus[] = [];
      for (const job of jobs) statuses.push(jobStatusOf(job, (await job.bySubject?.subjects(now)) ?? null, states));
      return statuses;
    },
    async run(name, { subject, database: joined } = {}) {
      const asked: AskedRun[] = [];
      for (const one of await subjectsToRun(requireJob(name), subject, joined)) {
        asked.push({ id: await askNow(queue.boss, name, one, joined ?? database), subject: one });
      }
      if (joined === undefined) workers.wake(name);
      else setTimeout(() => workers.wake(name), COMMIT_MILLISECONDS).unref();
      return asked;
    },
    async findRun(name, id) {
      requireJob(name);
      const found = isRunId(id) ? await queue.boss.getJobById<object>(name, id) : null;
      return found === null ? null : jobRunOf(found);
    },
    deadLetters: (limit, after) => readDeadLetters(queue.boss, limit, after),
    close: (withinSeconds) => workers.close(withinSeconds),
  };
}
