// Job runners for tests: the real one, on any database, closed with its test.

import { sql } from "kysely";
import { vi } from "vitest";
import type { Database } from "../../src/platform/database/database.ts";
import { type BossRunnerOptions, startBossRunner } from "../../src/platform/jobs/boss-runner.ts";
import type { Job } from "../../src/platform/jobs/job.ts";
import type { JobRun, JobRunner } from "../../src/platform/jobs/job-runner.ts";
import type { ReportedEvent } from "../../src/platform/observe/report.ts";
import { systemClock } from "../../src/platform/time/system-clock.ts";
import { PATIENCE } from "./patience.ts";

export const HOURLY = 3_600;

export const events: ReportedEvent[] = [];

function report(event: ReportedEvent): void {
  events.push(event);
}

export async function start(
  database: Database,
  jobs: readonly Job[],
  options: Partial<BossRunnerOptions> = {},
): Promise<JobRunner & AsyncDisposable> {
  const runner = await startBossRunner({ database, jobs, isHere: () => true, clock: systemClock, report, ...options });
  return { ...runner, [Symbol.asyncDispose]: () => runner.close(5) };
}

export const WITHOUT_WORKERS = { isHere: () => false };

/** Asks for the one run of a job, or of its subject; answers its id. */
export async function ask(runner: JobRunner, name: string, asked?: Parameters<JobRunner["run"]>[1]): Promise<string> {
  const [run] = await runner.run(name, asked);
  if (run === undefined) throw new Error(`nothing was asked for of ${name}`);
  return run.id;
}

export async function ended(runner: JobRunner, name: string, id: string): Promise<JobRun> {
  return vi.waitFor(async () => {
    const run = await runner.findRun(name, id);
    if (run === null || run.endedAt === null) throw new Error("it has not ended");
    return run;
  }, PATIENCE);
}

export function job(name: string, run: Job["run"], everySeconds = HOURLY): Job {
  return { name, duty: "export", everySeconds, run };
}

export async function schemaOfQueue(database: Database): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(database.db);
  return rows[0]?.name === "public" ? "enks_jobs" : `${rows[0]?.name}_jobs`;
}

/** How many runs of jobs wait in the queue. */
export async function countWaiting(database: Database): Promise<number> {
  const table = sql.table(`${await schemaOfQueue(database)}.job`);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${table} where state = 'created' and name !~ '^__'`.execute(database.db);
  return rows[0]?.count ?? 0;
}
