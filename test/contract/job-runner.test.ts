// The job runner in the server's own database, on the embedded one and on PostgreSQL alike.

import { expect, test, vi } from "vitest";
import { codeOf } from "../../src/core/coded-error.ts";
import { joinTransaction } from "../../src/platform/database/join-transaction.ts";
import { jobMigrations } from "../../src/platform/jobs/boss-runner.ts";
import { systemClock } from "../../src/platform/time/system-clock.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { ask, ended, HOURLY, job, start, WITHOUT_WORKERS } from "../support/job-runners.ts";
import { PATIENCE } from "../support/patience.ts";

describeOnEachDatabase("job runner", (open) => {
  test("runs a job at its start, and again when asked, with the time of the clock", async () => {
    const database = await open([jobMigrations]);
    const times: number[] = [];
    await using runner = await start(database, [job("export", async (now) => void times.push(now))]);
    await vi.waitFor(() => expect(times).toHaveLength(1), PATIENCE);

    const run = await ended(runner, "export", await ask(runner, "export"));

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
    await vi.waitFor(() => expect(runs).toBeGreaterThanOrEqual(4), PATIENCE);
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
    await vi.waitFor(() => expect(runs).toBeGreaterThanOrEqual(4), PATIENCE);

    expect(most).toBe(1);
    expect(runs).toBeLessThanOrEqual(systemClock.now() - startedAt + 2);
  });

  test("a process without workers can ask for a run that another does", async () => {
    const database = await open([jobMigrations]);
    let runs = 0;
    const jobs = [job("mirror", async () => void runs++)];
    await using here = await start(database, jobs, WITHOUT_WORKERS);
    const id = await ask(here, "mirror");
    expect(await ask(here, "mirror")).toBe(id);
    expect(await here.findRun("mirror", id)).toMatchObject({ state: "waiting", attempts: 0, startedAt: null });

    await using there = await start(database, jobs);

    expect(await ended(here, "mirror", id)).toMatchObject({ state: "succeeded" });
    expect(await there.findRun("mirror", id)).toMatchObject({ state: "succeeded" });
    expect(runs).toBeGreaterThanOrEqual(1);
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
      asked.push(await ask(runner, "export", { database: joinTransaction(database.kind, tx) }));
      throw new Error("refused");
    });
    await expect(refused).rejects.toThrow("refused");
    expect(await runner.findRun("export", asked[0] ?? "")).toBeNull();

    const id = await database.transaction((tx) =>
      ask(runner, "export", { database: joinTransaction(database.kind, tx) }),
    );
    expect(await runner.findRun("export", id)).toMatchObject({ state: "waiting" });
  });

  test("two servers never meet, not even in one PostgreSQL", async () => {
    const ran: string[] = [];
    const startServer = async (name: string) =>
      start(await open([jobMigrations]), [job("export", async () => void ran.push(name))]);
    await using here = await startServer("here");
    await using there = await startServer("there");
    await vi.waitFor(() => expect(ran.toSorted()).toEqual(["here", "there"]), PATIENCE);

    const id = await ask(here, "export");
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
