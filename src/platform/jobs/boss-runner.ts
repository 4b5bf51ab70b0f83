// Jobs on pg-boss, in the server's own database: shared by all its processes, each run done by one of them.

import { join } from "node:path";
import { type Db, PgBoss } from "pg-boss";
import type { Clock } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { Database } from "../database/database.ts";
import type { MigrationSet } from "../database/migrate.ts";
import type { Report } from "../observe/report.ts";
import { DEAD_LETTERS, prepareQueues, scheduleJob } from "./boss-queues.ts";
import { deadLetterOf, jobRunOf } from "./boss-records.ts";
import type { Job } from "./job.ts";
import { readJobStates, writeRhythm } from "./job-queries.ts";
import { rhythmOf } from "./job-rhythm.ts";
import type { JobErrorCode, JobRunner } from "./job-runner.ts";
import { jobStatusOf } from "./job-status.ts";
import { type ObserveRun, runRecorded } from "./run-recorded.ts";

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
  /** How often a process looks for dead workers; the library's round otherwise takes a minute. */
  readonly superviseEverySeconds?: number;
}

/** The longest that a run waits for a worker of another process to look. */
const SLOWEST_POLL_SECONDS = 5;

/** Starts the workers. Throws the database's codes. */
export async function startBossRunner(options: BossRunnerOptions): Promise<JobRunner> {
  const { database, jobs, report, clock } = options;
  const boss = await openBoss(options);
  const byName = new Map(jobs.map((job) => [job.name, job]));
  const workers = new Map<string, string>();
  const stop = new AbortController();

  const requireJob = (name: string): Job => {
    const job = byName.get(name);
    if (job !== undefined) return job;
    throw new CodedError<JobErrorCode>("job_unknown", `there is no job "${name}"`);
  };
  const wake = (name: string) => {
    const worker = workers.get(name);
    if (worker !== undefined) boss.notifyWorker(worker);
  };
  /** At most one run for each slot of the job's period, whichever process asks. */
  const askForSlot = async (job: Job) => {
    try {
      // One that waits, perhaps to be tried again, goes first: back-off would be none if new ones came between.
      if ((await boss.findJobs(job.name, { queued: true, limit: 1 })).length > 0) return;
      if ((await boss.send(job.name, null, { singletonSeconds: job.everySeconds })) !== null) wake(job.name);
    } catch (error) {
      report({ event: "job.not-asked", level: "warn", job: job.name, code: codeOf(error) ?? "unexpected" });
    }
  };

  for (const job of jobs.filter(options.isHere)) {
    await writeRhythm(database.db, job.name, job.everySeconds);
    await scheduleJob(boss, job);
    const pollingIntervalSeconds = Math.min(Math.max(job.everySeconds / 4, 0.5), SLOWEST_POLL_SECONDS);
    const observe: ObserveRun = options.observe ?? ((_job, work) => work());
    const worker = await boss.work(job.name, { pollingIntervalSeconds }, () =>
      runRecorded({ database, clock, report, observe }, job),
    );
    workers.set(job.name, worker);
    // Due at once after a start, unless it ran in this slot; and as long as cron cannot say the period, from slot to slot.
    await askForSlot(job);
    if (rhythmOf(job.everySeconds).kind === "slots") keepAsking(() => askForSlot(job), job.everySeconds, stop.signal);
  }

  return {
    async list() {
      const states = await readJobStates(database.db);
      return jobs.map((job) => jobStatusOf(job, states.get(job.name)));
    },
    async run(name, within = database) {
      requireJob(name);
      const db = queueDatabase(within);
      for (;;) {
        const id = await boss.send(name, null, { priority: 1, db });
        const run = id ?? (await boss.findJobs(name, { queued: true, limit: 1, db }))[0]?.id;
        wake(name);
        // None: the one that waited has begun between the two questions.
        if (run !== undefined) return run;
      }
    },
    async findRun(name, id) {
      requireJob(name);
      const found = isRunId(id) ? await boss.getJobById<object>(name, id) : null;
      return found === null ? null : jobRunOf(found);
    },
    async deadLetters(limit, after) {
      const found = await boss.findJobs<object>(DEAD_LETTERS, { limit, ...(after === null ? {} : { after }) });
      const items = found.map(deadLetterOf);
      return { items, next: items.length === limit ? (items.at(-1)?.id ?? null) : null };
    },
    async close(withinSeconds) {
      stop.abort();
      await boss.stop({ graceful: true, timeout: withinSeconds * 1_000, close: false });
    },
  };
}

async function openBoss(options: BossRunnerOptions): Promise<PgBoss> {
  const { database, report } = options;
  const boss = new PgBoss({
    db: queueDatabase(database),
    backend: database.kind === "embedded" ? "pglite" : "postgres",
    schema: await schemaBeside(database),
    registerInstance: false,
    monitorIntervalSeconds: options.superviseEverySeconds ?? 10,
    superviseIntervalSeconds: options.superviseEverySeconds ?? 10,
  });
  boss.on("error", (error) => {
    report({ event: "job.queue-failed", level: "warn", code: codeOf(error) ?? "unexpected", why: error.message });
  });
  await boss.start();
  await prepareQueues(boss, options.jobs);
  return boss;
}

function queueDatabase(database: Database): Db {
  return { executeSql: async (text, values) => ({ rows: [...(await database.execute(text, values ?? []))] }) };
}

/** The queue's own schema, named after ours: two servers on one PostgreSQL share nothing. */
async function schemaBeside(database: Database): Promise<string> {
  const [row] = await database.execute("select current_schema() as name", []);
  const name = typeof row === "object" && row !== null ? Reflect.get(row, "name") : null;
  return typeof name === "string" && name !== "public" ? `${name}_jobs` : "enks_jobs";
}

function keepAsking(ask: () => Promise<void>, everySeconds: number, signal: AbortSignal): void {
  const timer = setInterval(() => void ask(), everySeconds * 1_000);
  signal.addEventListener("abort", () => clearInterval(timer));
}

function isRunId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}
