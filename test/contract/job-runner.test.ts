// The job runner in the server's own database, on the embedded one and on PostgreSQL alike.

import { sql } from "kysely";
import { expect, test, vi } from "vitest";
import { CodedError, codeOf } from "../../src/core/coded-error.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { joinTransaction } from "../../src/platform/database/join-transaction.ts";
import { type BossRunnerOptions, jobMigrations, startBossRunner } from "../../src/platform/jobs/boss-runner.ts";
import type { Job } from "../../src/platform/jobs/job.ts";
import type { JobRun, JobRunner } from "../../src/platform/jobs/job-runner.ts";
import type { ReportedEvent } from "../../src/platform/observe/report.ts";
import { systemClock } from "../../src/platform/time/system-clock.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

const HOURLY = 3_600;

const events: ReportedEvent[] = [];

function report(event: ReportedEvent): void {
  events.push(event);
}

async function start(
  database: Database,
  jobs: readonly Job[],
  options: Partial<BossRunnerOptions> = {},
): Promise<JobRunner & AsyncDisposable> {
  const runner = await startBossRunner({ database, jobs, isHere: () => true, clock: systemClock, report, ...options });
  return { ...runner, [Symbol.asyncDispose]: () => runner.close(5) };
}

const WITHOUT_WORKERS = { isHere: () => false };

async function ended(runner: JobRunner, name: string, id: string): Promise<JobRun> {
  return vi.waitFor(
    async () => {
      const run = await runner.findRun(name, id);
      if (run === null || run.endedAt === null) throw new Error("it has not ended");
      return run;
    },
    { timeout: 30_000, interval: 50 },
  );
}

function job(name: string, run: Job["run"], everySeconds = HOURLY): Job {
  return { name, duty: "export", everySeconds, run };
}

async function schemaOfQueue(database: Database): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_schema() as name`.execute(database.db);
  return rows[0]?.name === "public" ? "enks_jobs" : `${rows[0]?.name}_jobs`;
}

/** How many runs of jobs wait in the queue. */
async function countWaiting(database: Database): Promise<number> {
  const table = sql.table(`${await schemaOfQueue(database)}.job`);
  const { rows } = await sql<{ count: number }>`
    select count(*)::int as count from ${table} where state = 'created' and name !~ '^__'`.execute(database.db);
  return rows[0]?.count ?? 0;
}

describeOnEachDatabase("job runner", (open) => {
  test("runs a job at its start, and again when asked, with the time of the clock", async () => {
    const database = await open([jobMigrations]);
    const times: number[] = [];
    await using runner = await start(database, [job("export", async (now) => void times.push(now))]);
    await vi.waitFor(() => expect(times).toHaveLength(1), { timeout: 20_000 });

    const run = await ended(runner, "export", await runner.run("export"));

    expect(run).toMatchObject({ job: "export", state: "succeeded", attempts: 1, code: null });
    expect(times).toHaveLength(2);
    expect(Math.abs((times[1] ?? 0) - systemClock.now())).toBeLessThan(60);
    expect(await runner.list()).toMatchObject([
      { name: "export", everySeconds: HOURLY, isRunning: false, lastOutcome: "succeeded", runs: 2, failures: 0 },
    ]);
  });

  test("keeps a period of one second", async () => {
    const database = await open([jobMigrations]);
    let runs = 0;
    await using runner = await start(database, [job("quick", async () => void runs++, 1)]);
    await vi.waitFor(() => expect(runs).toBeGreaterThanOrEqual(4), { timeout: 30_000 });
    expect(await runner.list()).toMatchObject([{ everySeconds: 1, lastOutcome: "succeeded" }]);
  });

  test("two processes never do one job at the same time, and share its slots", async () => {
    const database = await open([jobMigrations]);
    let running = 0;
    let most = 0;
    let runs = 0;
    const quick = job(
      "quick",
      async () => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        runs++;
        running--;
      },
      1,
    );
    const startedAt = systemClock.now();
    await using processes = new AsyncDisposableStack();
    processes.use(await start(database, [quick]));
    processes.use(await start(database, [quick]));
    await vi.waitFor(() => expect(runs).toBeGreaterThanOrEqual(4), { timeout: 30_000 });

    expect(most).toBe(1);
    expect(runs).toBeLessThanOrEqual(systemClock.now() - startedAt + 2);
  });

  test("a process without workers can ask for a run that another does", async () => {
    const database = await open([jobMigrations]);
    let runs = 0;
    const jobs = [job("mirror", async () => void runs++)];
    await using here = await start(database, jobs, WITHOUT_WORKERS);
    const id = await here.run("mirror");
    expect(await here.run("mirror")).toBe(id);
    expect(await here.findRun("mirror", id)).toMatchObject({ state: "waiting", attempts: 0, startedAt: null });

    await using there = await start(database, jobs);

    expect(await ended(here, "mirror", id)).toMatchObject({ state: "succeeded" });
    expect(await there.findRun("mirror", id)).toMatchObject({ state: "succeeded" });
    expect(runs).toBeGreaterThanOrEqual(1);
  });

  test("a job that fails is tried again, then lies with the dead letters under its code", async () => {
    const database = await open([jobMigrations]);
    let tries = 0;
    const failing = job(
      "failing",
      async () => {
        tries++;
        throw new CodedError("disk_full", "there is no room for QUJDREVGR0hJSktMTU5PUA==");
      },
      2,
    );
    await using runner = await start(database, [failing]);
    const found = await vi.waitFor(
      async () => {
        const { items } = await runner.deadLetters(10, null);
        if (items[0] === undefined) throw new Error("none yet");
        return items[0];
      },
      { timeout: 60_000, interval: 200 },
    );

    expect(tries).toBeGreaterThanOrEqual(4);
    expect(found).toMatchObject({ job: "failing", code: "disk_full" });
    expect(found.message).not.toContain("QUJDREVGR0hJSktMTU5PUA");
    expect(await runner.list()).toMatchObject([{ lastOutcome: "failed", lastCode: "disk_full" }]);
    expect(events.some(({ event, code }) => event === "job.failed" && code === "disk_full")).toBe(true);
  });

  test("an unknown job, and an unknown run, are said to be unknown", async () => {
    const database = await open([jobMigrations]);
    await using runner = await start(database, [job("export", async () => undefined)]);
    expect(codeOf(await runner.run("nothing").catch((error: unknown) => error))).toBe("job_unknown");
    expect(await runner.findRun("export", "5a0c1b1e-0000-4000-8000-000000000000")).toBeNull();
    expect(await runner.findRun("export", "'; drop table job_state")).toBeNull();
  });

  test("a run asked for in a transaction is there when that commits, and only then", async () => {
    const database = await open([jobMigrations]);
    await using runner = await start(database, [job("export", async () => undefined)], WITHOUT_WORKERS);
    const asked: string[] = [];
    const refused = database.transaction(async (tx) => {
      asked.push(await runner.run("export", joinTransaction(database.kind, tx)));
      throw new Error("refused");
    });
    await expect(refused).rejects.toThrow("refused");
    expect(await runner.findRun("export", asked[0] ?? "")).toBeNull();

    const id = await database.transaction((tx) => runner.run("export", joinTransaction(database.kind, tx)));
    expect(await runner.findRun("export", id)).toMatchObject({ state: "waiting" });
  });

  test("a run that outlasts its period piles nothing up, and is shown as running", async () => {
    const database = await open([jobMigrations]);
    const release = Promise.withResolvers<void>();
    let runs = 0;
    const slow = job(
      "slow",
      async () => {
        runs++;
        await release.promise;
      },
      1,
    );
    await using runner = await start(database, [slow]);
    const startedAt = systemClock.now();
    await vi.waitFor(() => expect(systemClock.now()).toBeGreaterThan(startedAt + 3), { timeout: 20_000 });

    expect(runs).toBe(1);
    expect(await runner.list()).toMatchObject([{ isRunning: true, runs: 1, lastOutcome: null }]);
    expect(await countWaiting(database)).toBe(0);
    release.resolve();
    await vi.waitFor(() => expect(runs).toBeGreaterThanOrEqual(2), { timeout: 20_000 });
  });

  test("a run that hangs for ever loses its lease, and the job goes on", async () => {
    const database = await open([jobMigrations]);
    let runs = 0;
    const hanging = job("hanging", () => (++runs === 1 ? new Promise(() => undefined) : Promise.resolve()));
    await using runner = await start(database, [hanging], { lease: { heartbeatSeconds: 10, longestRunSeconds: 1 } });

    await vi.waitFor(async () => expect(await runner.list()).toMatchObject([{ runs: 2, lastOutcome: "succeeded" }]), {
      timeout: 30_000,
      interval: 50,
    });
    expect(events.some(({ job: name, code }) => name === "hanging" && code === "job_lease_lost")).toBe(true);
  });

  test("closing gives up the lease of a run that does not end, and another process takes it up", async () => {
    const database = await open([jobMigrations]);
    const begun = Promise.withResolvers<void>();
    const hanging = job("handed-over", () => {
      begun.resolve();
      return new Promise(() => undefined);
    });
    const runner = await start(database, [hanging]);
    await begun.promise;
    await runner.close(1);
    expect(await runner.list()).toMatchObject([{ isRunning: false, lastCode: "job_lease_lost" }]);

    let runs = 0;
    await using other = await start(database, [job("handed-over", async () => void runs++)]);
    await vi.waitFor(() => expect(runs).toBe(1), { timeout: 30_000 });
    await vi.waitFor(async () => expect(await other.list()).toMatchObject([{ lastOutcome: "succeeded" }]));
  });

  test("what cron would have asked for while no process ran is made up for once", async () => {
    const database = await open([jobMigrations]);
    let runs = 0;
    const jobs = [job("hourly", async () => void runs++)];
    const first = await start(database, jobs);
    await vi.waitFor(() => expect(runs).toBe(1), { timeout: 20_000 });
    await first.close(5);
    const schema = await schemaOfQueue(database);
    // As if all this had been three hours ago.
    await sql`update ${sql.table(`${schema}.version`)} set cron_on = now() - interval '3 hours'`.execute(database.db);
    await sql`update ${sql.table(`${schema}.schedule`)} set created_on = now() - interval '1 day'`.execute(database.db);
    await sql`update ${sql.table(`${schema}.job`)} set singleton_on = singleton_on - interval '3 hours'`.execute(
      database.db,
    );
    await using second = await start(database, jobs, WITHOUT_WORKERS);
    await vi.waitFor(async () => expect(await countWaiting(database)).toBe(1), { timeout: 30_000, interval: 100 });
    expect(await second.list()).toMatchObject([{ runs: 1 }]);
  });

  test("dead letters are read by pages, from a place that exists", async () => {
    const database = await open([jobMigrations]);
    const lost = job("lost", () => Promise.reject(new CodedError("disk_full", "there is no room")), 1);
    await using runner = await start(database, [lost]);
    await vi.waitFor(async () => expect((await runner.deadLetters(10, null)).items.length).toBeGreaterThan(1), {
      timeout: 60_000,
      interval: 200,
    });
    const first = await runner.deadLetters(1, null);
    const second = await runner.deadLetters(1, first.next);
    expect(first.items).toHaveLength(1);
    expect(second.items).toHaveLength(1);
    expect(second.items[0]?.id).not.toBe(first.items[0]?.id);

    for (const after of ["nowhere", "5a0c1b1e-0000-4000-8000-000000000000"]) {
      expect(codeOf(await runner.deadLetters(1, after).catch((error: unknown) => error))).toBe("request_invalid");
    }
  });

  test("two servers never meet, not even in one PostgreSQL", async () => {
    const ran: string[] = [];
    const startServer = async (name: string) =>
      start(await open([jobMigrations]), [job("export", async () => void ran.push(name))]);
    await using here = await startServer("here");
    await using there = await startServer("there");
    await vi.waitFor(() => expect(ran.toSorted()).toEqual(["here", "there"]), { timeout: 20_000 });

    const id = await here.run("export");
    await ended(here, "export", id);
    expect(ran.toSorted()).toEqual(["here", "here", "there"]);
    expect(await there.findRun("export", id)).toBeNull();
  });

  test("closing waits for the job that runs", async () => {
    const database = await open([jobMigrations]);
    let isDone = false;
    const begun = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const slow = job("slow", async () => {
      begun.resolve();
      await release.promise;
      isDone = true;
    });
    const runner = await start(database, [slow]);
    await begun.promise;
    const closed = runner.close(20);
    release.resolve();
    await closed;
    expect(isDone).toBe(true);
  });
});
