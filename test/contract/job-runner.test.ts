// The job runner in the server's own database, on the embedded one and on PostgreSQL alike.

import { expect, test, vi } from "vitest";
import { CodedError, codeOf } from "../../src/core/coded-error.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { jobMigrations, startBossRunner } from "../../src/platform/jobs/boss-runner.ts";
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
  isHere: (job: Job) => boolean = () => true,
): Promise<JobRunner & AsyncDisposable> {
  const runner = await startBossRunner({ database, jobs, isHere, clock: systemClock, report });
  return { ...runner, [Symbol.asyncDispose]: () => runner.close(5) };
}

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
    await using here = await start(database, jobs, () => false);
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
    await using runner = await start(database, [failing], () => true);
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
