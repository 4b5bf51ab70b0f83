// Jobs in real processes: some are killed in the middle of a run, and the database goes away and comes back.

import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterEach, describe, expect, inject, test, vi } from "vitest";
import { findPostgres } from "../../scripts/find-postgres.ts";
import { startPrivatePostgres } from "../../scripts/private-postgres.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { openPostgresDatabase } from "../../src/platform/database/postgres/open-postgres-database.ts";
import { jobMigrations, startBossRunner } from "../../src/platform/jobs/boss-runner.ts";
import type { ReportedEvent } from "../../src/platform/observe/report.ts";
import { systemClock } from "../../src/platform/time/system-clock.ts";
import { type ChildProgram, startProgram } from "../support/child-program.ts";
import { haltPostgres } from "../support/halting-postgres.ts";
import { PATIENCE } from "../support/patience.ts";

interface Worker {
  readonly said: string[];
  readonly program: ChildProgram;
}

const workers: Worker[] = [];

function startWorker(...place: string[]): Worker {
  const program = startProgram("job-worker-program.ts", place);
  const worker: Worker = { program, said: [] };
  workers.push(worker);
  void listen(worker);
  return worker;
}

async function listen({ program, said }: Worker): Promise<void> {
  for (;;) {
    const { value, done } = await program.lines.next();
    if (done === true) return;
    said.push(value);
  }
}

function count(line: string, among: readonly Worker[] = workers): number {
  return among.flatMap(({ said }) => said).filter((each) => each === line).length;
}

function whatAllSaid(): string {
  return workers.map(({ said }) => said.join(", ")).join("\n");
}

async function until(condition: () => boolean): Promise<void> {
  await vi.waitFor(() => expect(condition(), whatAllSaid()).toBe(true), PATIENCE);
}

afterEach(async () => {
  for (const { program } of workers.splice(0)) await program.kill();
});

test("a run whose process is killed is taken up again on the same data folder (embedded)", async () => {
  const folder = mkdtempSync(join(tmpdir(), "jobs-killed-"));
  try {
    const first = startWorker(folder);
    await until(() => count("slow begins", [first]) === 1);
    await first.program.kill();

    const second = startWorker(folder);
    await until(() => count("slow begins", [second]) === 1);
    second.program.process.stdin?.write("go on\n");
    await until(() => count("slow ends", [second]) === 1);
  } finally {
    for (const { program } of workers) await program.kill();
    rmSync(folder, { recursive: true, force: true });
  }
});

describe.skipIf(inject("postgresUrl") === null)("several processes on one PostgreSQL", () => {
  test("never do one job at the same time, and take up what a killed one had begun", async () => {
    const url = inject("postgresUrl") ?? "";
    const schema = `test_${randomUUID().replaceAll("-", "")}`;
    await using database = await openSchema(url, schema);
    const startedAt = systemClock.now();
    // All at once, on an empty database.
    const all = [startWorker(url, schema), startWorker(url, schema), startWorker(url, schema)];
    await until(() => all.every(({ said }) => said.includes("started")));
    await until(() => count("slow begins") === 1 && count("quick") >= 5);

    const holder = all.find(({ said }) => said.includes("slow begins"));
    const others = all.filter((worker) => worker !== holder);
    expect(count("slow begins", others)).toBe(0);
    await holder?.program.kill();

    await until(() => count("slow begins", others) === 1);
    const heir = others.find(({ said }) => said.includes("slow begins"));
    heir?.program.process.stdin?.write("go on\n");
    await until(() => count("slow ends", others) === 1);

    const before = count("quick", others);
    await until(() => count("quick", others) >= before + 3);
    expect(count("quick is not alone")).toBe(0);
    const { rows } = await sql<{ runs: number }>`select runs from job_state where name = 'quick'`.execute(database.db);
    // They share the slots: three processes run it no more often than one.
    expect(rows[0]?.runs).toBeLessThanOrEqual(systemClock.now() - startedAt + 2);
  });

  test("go on by themselves when the database was stopped and started again", async () => {
    const programs = findPostgres() ?? "";
    const server = await startPrivatePostgres(programs);
    await using stack = new AsyncDisposableStack();
    stack.defer(() => server.stop());
    const database = await openPostgresDatabase({ url: server.url });
    stack.defer(() => database.close());
    await migrate(database, [jobMigrations], systemClock);
    const reported: ReportedEvent[] = [];
    let runs = 0;
    const runner = await startBossRunner({
      database,
      jobs: [{ name: "quick", duty: "import", everySeconds: 1, run: async () => void runs++ }],
      isHere: () => true,
      clock: systemClock,
      report: (event) => void reported.push(event),
    });
    stack.defer(() => runner.close(5));
    await until(() => runs >= 2);

    await using halted = await haltPostgres(programs, server.url);
    await until(() => reported.some(({ code }) => code === "database_unreachable"));
    const before = runs;
    await halted.resume();
    await until(() => runs >= before + 3);
    expect(await runner.list()).toMatchObject([{ name: "quick", isRunning: expect.any(Boolean) }]);
    await runner.close(5);
  });
});

async function openSchema(url: string, schema: string) {
  const database = await openPostgresDatabase({ url, schema, maxConnections: 2 });
  await sql`create schema ${sql.id(schema)}`.execute(database.db);
  return {
    ...database,
    async [Symbol.asyncDispose]() {
      for (const { program } of workers) await program.kill();
      await sql`drop schema ${sql.id(schema)} cascade`.execute(database.db);
      await sql`drop schema ${sql.id(`${schema}_jobs`)} cascade`.execute(database.db);
      await database.close();
    },
  };
}
