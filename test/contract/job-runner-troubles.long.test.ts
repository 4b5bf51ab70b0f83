// The job runner where something goes wrong: failures, runs that hang, processes and clocks that were away.

import { sql } from "kysely";
import { expect, test, vi } from "vitest";
import { CodedError, codeOf } from "../../src/core/coded-error.ts";
import { jobMigrations } from "../../src/platform/jobs/boss-runner.ts";
import { systemClock } from "../../src/platform/time/system-clock.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { countWaiting, events, job, schemaOfQueue, start, WITHOUT_WORKERS } from "../support/job-runners.ts";
import { PATIENCE } from "../support/patience.ts";

describeOnEachDatabase("job runner in trouble", (open) => {
  test("forgets what was written while the clock was days ahead", async () => {
    const database = await open([jobMigrations]);
    const schema = await schemaOfQueue(database);
    const ahead = sql`now() + interval '20 days'`;
    let runs = 0;
    const jobs = [job("export", async () => void runs++), job("mirror", async () => void runs++)];
    const lease = { heartbeatSeconds: 10, longestRunSeconds: 600 };
    const before = await start(database, jobs, { ...WITHOUT_WORKERS, lease });
    await before.run("export");
    await before.run("mirror");
    await before.close(5);
    // One that waits for that time, and one that a process has begun which has died since.
    const table = sql.table(`${schema}.job`);
    await sql`update ${table} set start_after = now() + interval '1 hour' where name = 'export'`.execute(database.db);
    await sql`update ${table} set state = 'active', started_on = ${ahead}, heartbeat_on = ${ahead}
      where name = 'mirror'`.execute(database.db);
    await sql`update ${sql.table(`${schema}.queue`)} set monitor_on = ${ahead}, monitor_claim_on = ${ahead}`.execute(
      database.db,
    );

    await using runner = await start(database, jobs, { lease, superviseEverySeconds: 1 });
    await vi.waitFor(() => expect(runs).toBe(2), PATIENCE);
    expect((await runner.list()).map(({ name }) => name)).toEqual(jobs.map(({ name }) => name));
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
    await using runner = await start(database, [failing], { retryLimit: 1 });
    const found = await vi.waitFor(async () => {
      const { items } = await runner.deadLetters(10, null);
      if (items[0] === undefined) throw new Error("none yet");
      return items[0];
    }, PATIENCE);

    expect(tries).toBeGreaterThanOrEqual(2);
    expect(found).toMatchObject({ job: "failing", code: "disk_full" });
    expect(found.message).not.toContain("QUJDREVGR0hJSktMTU5PUA");
    expect(await runner.list()).toMatchObject([{ lastOutcome: "failed", lastCode: "disk_full" }]);
    expect(events.some(({ event, code }) => event === "job.failed" && code === "disk_full")).toBe(true);
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
    await vi.waitFor(() => expect(systemClock.now()).toBeGreaterThan(startedAt + 3), PATIENCE);

    expect(runs).toBe(1);
    expect(await runner.list()).toMatchObject([{ isRunning: true, runs: 1, lastOutcome: null }]);
    expect(await countWaiting(database)).toBe(0);
    release.resolve();
    await vi.waitFor(() => expect(runs).toBeGreaterThanOrEqual(2), PATIENCE);
  });

  test("a run that hangs for ever loses its lease, and the job goes on", async () => {
    const database = await open([jobMigrations]);
    let runs = 0;
    const hanging = job("hanging", () => (++runs === 1 ? new Promise(() => undefined) : Promise.resolve()));
    await using runner = await start(database, [hanging], { lease: { heartbeatSeconds: 10, longestRunSeconds: 1 } });

    await vi.waitFor(
      async () => expect(await runner.list()).toMatchObject([{ runs: 2, lastOutcome: "succeeded" }]),
      PATIENCE,
    );
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
    await vi.waitFor(() => expect(runs).toBe(1), PATIENCE);
    await vi.waitFor(async () => expect(await other.list()).toMatchObject([{ lastOutcome: "succeeded" }]), PATIENCE);
  });

  test("what cron would have asked for while no process ran is made up for once", async () => {
    const database = await open([jobMigrations]);
    let runs = 0;
    const jobs = [job("hourly", async () => void runs++)];
    const first = await start(database, jobs);
    await vi.waitFor(() => expect(runs).toBe(1), PATIENCE);
    await first.close(5);
    const schema = await schemaOfQueue(database);
    // As if all this had been three hours ago.
    await sql`update ${sql.table(`${schema}.version`)} set cron_on = now() - interval '3 hours'`.execute(database.db);
    await sql`update ${sql.table(`${schema}.schedule`)} set created_on = now() - interval '1 day'`.execute(database.db);
    await sql`update ${sql.table(`${schema}.job`)} set singleton_on = singleton_on - interval '3 hours'`.execute(
      database.db,
    );
    await using second = await start(database, jobs, WITHOUT_WORKERS);
    await vi.waitFor(async () => expect(await countWaiting(database)).toBe(1), PATIENCE);
    expect(await second.list()).toMatchObject([{ runs: 1 }]);
  });

  test("dead letters are read by pages, from a place that exists", async () => {
    const database = await open([jobMigrations]);
    const lost = job("lost", () => Promise.reject(new CodedError("disk_full", "there is no room")), 1);
    await using runner = await start(database, [lost], { retryLimit: 0 });
    await vi.waitFor(
      async () => expect((await runner.deadLetters(10, null)).items.length).toBeGreaterThan(1),
      PATIENCE,
    );
    const first = await runner.deadLetters(1, null);
    const second = await runner.deadLetters(1, first.next);
    expect(first.items).toHaveLength(1);
    expect(second.items).toHaveLength(1);
    expect(second.items[0]?.id).not.toBe(first.items[0]?.id);

    for (const after of ["nowhere", "5a0c1b1e-0000-4000-8000-000000000000"]) {
      expect(codeOf(await runner.deadLetters(1, after).catch((error: unknown) => error))).toBe("request_invalid");
    }
  });
});
