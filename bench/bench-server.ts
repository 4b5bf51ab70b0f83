// A server for benchmarks on PostgreSQL in a schema of its own, with objects in a temporary folder. It is set up from
// here; its jobs run in a process of its own, so that time and memory of the benchmark are not counted as the server's.

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { MEMORY_FLAGS, MEMORY_SETTINGS } from "../bin/memory-settings.mjs";
import { createServer, type Server } from "../src/app/create-server.ts";
import { nodeArchiveTools } from "../src/archive/node-tools.ts";
import { DAY } from "../src/core/clock.ts";
import { openFilesystemBlobs } from "../src/platform/blobs/filesystem-blobs.ts";
import { openPostgresDatabase } from "../src/platform/database/postgres/open-postgres-database.ts";
import { createFetcher } from "../src/platform/http/undici-fetcher.ts";
import { openFilesystemSigningKeys } from "../src/platform/keys/filesystem-signing-keys.ts";
import { createMemoryEncryptionKeys } from "../src/platform/keys/memory-encryption-keys.ts";
import { reportNothing } from "../src/platform/observe/report.ts";
import { seededRandom } from "../src/platform/random/seeded-random.ts";
import { createVirtualClock } from "../src/platform/time/virtual-clock.ts";
import { SAMPLE_WINDOW } from "../test/support/sample-archives.ts";
import { BENCH_SETTINGS, type JobAnswer, type JobOrder } from "./server-protocol.ts";

/** A day after the sample archives end. */
export const NOW = SAMPLE_WINDOW.end + DAY;

export interface BenchServer extends Server {
  readonly schema: string;
  /** Where its objects are. */
  readonly objects: string;
  /** Runs the job at `now` in the server's process and answers how many milliseconds it took; its failures are thrown. */
  runJob(name: string, now?: number): Promise<number>;
  /** The most memory that the server's process had resident up to its last job. */
  peakMegabytes(): number;
  /** So that no measurement pays for writing out what the one before it left. */
  checkpoint(): Promise<void>;
  countKeys(): Promise<number>;
  forgetKeys(): Promise<void>;
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
  const objects = join(folder, "objects");
  const parts = {
    database,
    fetcher,
    blobs: await openFilesystemBlobs(objects),
    signingKeys: await openFilesystemSigningKeys(join(folder, "keys")),
    encryptionKeys: createMemoryEncryptionKeys(),
    archiveTools: nodeArchiveTools,
    clock: createVirtualClock(NOW),
    random: seededRandom(1),
    report: reportNothing,
  };
  const server = await createServer(parts, BENCH_SETTINGS);
  const running = await startProcess([url, schema, folder]);
  opened.defer(() => running.end());
  const stack = opened.move();
  return {
    ...server,
    schema,
    objects,
    runJob: (name, now = NOW) => running.runJob({ name, now }),
    peakMegabytes: () => running.peakMegabytes(),
    async checkpoint() {
      await sql`checkpoint`.execute(database.db);
    },
    async countKeys() {
      const { rows } = await sql<{ count: number }>`select count(*) as count from exposure`.execute(database.db);
      return rows[0]?.count ?? 0;
    },
    async forgetKeys() {
      await sql`truncate exposure`.execute(database.db);
    },
    close: () => stack.disposeAsync(),
  };
}

async function startProcess(args: readonly string[]) {
  const child = fork(fileURLToPath(new URL("server-program.ts", import.meta.url)), args, {
    // As the launchers start it.
    execArgv: [...MEMORY_FLAGS],
    env: { ...MEMORY_SETTINGS, ...process.env },
  });
  let last = await nextAnswer(child);
  return {
    async runJob(order: JobOrder): Promise<number> {
      child.send(order);
      last = await nextAnswer(child);
      if (last.failures.length > 0) throw new Error(last.failures.join("\n"));
      return last.milliseconds;
    },
    peakMegabytes: () => last.peakMegabytes,
    async end(): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

async function nextAnswer(child: ChildProcess): Promise<JobAnswer> {
  const ended = new AbortController();
  const end = () => ended.abort(new Error("the server's process ended"));
  child.once("exit", end);
  try {
    const [answer]: JobAnswer[] = await once(child, "message", { signal: ended.signal });
    if (answer === undefined) throw new Error("the server's process said nothing");
    return answer;
  } finally {
    child.off("exit", end);
  }
}
