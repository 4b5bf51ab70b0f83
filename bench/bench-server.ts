// A whole server for benchmarks: PostgreSQL in a schema of its own, objects in a temporary folder.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { createServer, type Server } from "../src/app/create-server.ts";
import { nodeArchiveTools } from "../src/archive/node-tools.ts";
import { DAY, HOUR, MINUTE } from "../src/core/clock.ts";
import { openFilesystemBlobs } from "../src/platform/blobs/filesystem-blobs.ts";
import { openPostgresDatabase } from "../src/platform/database/postgres/open-postgres-database.ts";
import { createFetcher } from "../src/platform/http/undici-fetcher.ts";
import { createMemorySigningKeys } from "../src/platform/keys/memory-signing-keys.ts";
import { seededRandom } from "../src/platform/random/seeded-random.ts";
import { createVirtualClock } from "../src/platform/time/virtual-clock.ts";
import { SAMPLE_WINDOW } from "../test/support/sample-archives.ts";

/** A day after the sample archives end. */
export const NOW = SAMPLE_WINDOW.end + DAY;

export interface BenchServer extends Server {
  readonly schema: string;
  /** Runs the job at `now`; a failure that the job would only report is thrown. */
  runJob(name: string, now: number): Promise<void>;
  close(): Promise<void>;
}

export async function openBenchServer(url: string): Promise<BenchServer> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "enks-bench-"));
  opened.defer(() => rm(folder, { recursive: true }));
  const schema = `bench_${process.pid}_${Math.round(performance.now())}`;
  const database = await openPostgresDatabase({ url, schema });
  opened.defer(() => database.close());
  await sql`create schema ${sql.id(schema)}`.execute(database.db);
  opened.defer(async () => void (await sql`drop schema ${sql.id(schema)} cascade`.execute(database.db)));
  const fetcher = createFetcher();
  opened.defer(() => fetcher.close());
  const failures: string[] = [];
  const server = await createServer(
    {
      database,
      fetcher,
      blobs: await openFilesystemBlobs(folder),
      signingKeys: createMemorySigningKeys(),
      archiveTools: nodeArchiveTools,
      clock: createVirtualClock(NOW),
      random: seededRandom(1),
      report: (event) => void (event.level === "error" && failures.push(JSON.stringify(event))),
    },
    { truncateWindowSeconds: HOUR, minWindowAgeSeconds: 10 * MINUTE },
  );
  const stack = opened.move();
  return {
    ...server,
    schema,
    async runJob(name, now) {
      for (const job of server.jobs.filter((one) => one.name === name)) await job.run(now);
      if (failures.length > 0) throw new Error(failures.join("\n"));
    },
    close: () => stack.disposeAsync(),
  };
}
