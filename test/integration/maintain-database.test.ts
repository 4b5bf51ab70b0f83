// The embedded database's tables do not grow for ever by the rows that come and go.

import { expect, test } from "vitest";
import { maintenanceJobs } from "../../src/app/serve/maintain-database.ts";
import { openBoss } from "../../src/platform/jobs/open-boss.ts";
import { reportNothing } from "../../src/platform/observe/report.ts";
import { takeEmbedded } from "../support/embedded-pool.ts";

/** More than a server's jobs have between two runs of the maintenance, at periods of seconds. */
const RUNS = 1_000;

test("what the job queue has deleted is written over, hour by hour", async () => {
  await using stack = new AsyncDisposableStack();
  const database = await takeEmbedded();
  stack.defer(() => database.close());
  const opened = await openBoss({ database, reportTrouble: reportNothing, superviseEverySeconds: 60 });
  stack.defer(() => opened.close(1));
  const { boss } = opened;
  await boss.createQueue("export");

  async function passHour(): Promise<number> {
    await boss.insert(
      "export",
      Array.from({ length: RUNS }, () => ({})),
    );
    const runs = await boss.fetch("export", { batchSize: RUNS });
    await boss.complete(
      "export",
      runs.map(({ id }) => id),
    );
    await boss.deleteAllJobs("export");
    const [row] = await database.execute(
      `select sum(pg_total_relation_size(oid))::integer as bytes from pg_class
      where relkind = 'r' and relnamespace = 'enks_jobs'::regnamespace`,
      [],
    );
    return Number(Reflect.get(row ?? {}, "bytes"));
  }

  const [maintenance] = maintenanceJobs(database);
  const sizes: number[] = [];
  for (let hour = 0; hour < 5; hour++) {
    sizes.push(await passHour());
    await maintenance?.run(0);
  }
  const largest = Math.max(...sizes.slice(2));
  expect(largest).toBeLessThan(1.3 * (sizes[1] ?? 0));
  // As it would have gone on.
  await passHour();
  await passHour();
  expect(await passHour()).toBeGreaterThan(1.5 * largest);
});

test("PostgreSQL does it by itself", () => {
  const database = { kind: "postgres", execute: () => Promise.reject(new Error("not asked")) } as const;
  expect(maintenanceJobs(database)).toEqual([]);
});
