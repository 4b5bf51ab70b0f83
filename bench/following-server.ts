// Two running processes of `enks serve` on one PostgreSQL for benchmarks of following other servers.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { MEMORY_FLAGS, MEMORY_SETTINGS } from "../bin/memory-settings.mjs";
import type { Database } from "../src/platform/database/database.ts";
import { openPostgresDatabase } from "../src/platform/database/postgres/open-postgres-database.ts";
import { initFolder, type ServeProcess, startServe } from "../test/support/serve-process.ts";

export interface FollowingServer extends AsyncDisposable {
  addSource(
    name: string,
    indexUrl: string,
    baseUrl: string,
    trustedKey: { readonly keyId: string; readonly keyVersion: string; readonly publicKeyPem: string },
  ): Promise<void>;
  /** When each archive was imported, by its line, once there are so many; as seen within 50 ms, by `performance.now()`. */
  imported(count: number): Promise<ReadonlyMap<string, number>>;
}

const LOOK_MILLISECONDS = 50;
let servers = 0;

/** Each in a schema of its own; both processes look for archives and import them, every `periodSeconds`. */
export async function startFollowingServer(databaseUrl: string, periodSeconds: number): Promise<FollowingServer> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "enks-bench-"));
  opened.defer(() => rm(folder, { recursive: true }));
  const schema = `bench_${process.pid}_${++servers}`;
  const period = `${periodSeconds}s`;
  const variables = {
    // As the launchers start it.
    ...MEMORY_SETTINGS,
    NODE_OPTIONS: MEMORY_FLAGS.join(" "),
    DATABASE_URL: databaseUrl,
    ENKS_DATABASE_SCHEMA: schema,
    ENKS_DUTIES: "import,admin",
    ENKS_JOB_PERIODS: `import-discover=${period},import-archives=${period}`,
    ENKS_ENCRYPTION_KEYS_FOLDER: join(folder, "encryption-keys"),
    // What hangs at the end is not waited for.
    ENKS_STOP_WITHIN: "5s",
    LOG_LEVEL: "ERROR",
  };
  const database = await openPostgresDatabase({ url: databaseUrl, schema, maxConnections: 2 });
  opened.defer(() => database.close());
  opened.defer(async () => {
    for (const each of [schema, `${schema}_jobs`]) {
      await sql`drop schema if exists ${sql.id(each)} cascade`.execute(database.db);
    }
  });
  const processes: ServeProcess[] = [];
  opened.defer(async () => {
    for (const one of processes) one.signal("SIGTERM");
    await Promise.all(processes.map((one) => one.ended()));
  });
  const token = await initFolder(join(folder, "first"), [], variables);
  await initFolder(join(folder, "second"), [], variables);
  for (const place of ["first", "second"]) {
    processes.push(startServe(join(folder, place), variables));
    await processes.at(-1)?.started();
  }
  const adminUrl = (await processes[0]?.started())?.adminUrl;
  const post = async (path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(adminUrl + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  };
  const seenAt = new Map<string, number>();
  const ending = new AbortController();
  const looking = lookAgain(database, seenAt, ending.signal);
  opened.defer(async () => {
    ending.abort();
    await looking;
  });
  const stack = opened.move();
  return {
    async addSource(name, indexUrl, baseUrl, trustedKey) {
      await post("/v1/sources", { name, region: "XX", indexUrl, baseUrl, allowPrivateAddresses: true });
      await post(`/v1/sources/${name}/trusted-keys`, trustedKey);
    },
    async imported(count) {
      while (seenAt.size < count) await pause(LOOK_MILLISECONDS);
      return seenAt;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function lookAgain(database: Database, seenAt: Map<string, number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const { rows } = await sql<{ line: string }>`
      select line from import_archive where state = 'complete'`.execute(database.db);
    for (const { line } of rows) if (!seenAt.has(line)) seenAt.set(line, performance.now());
    await pause(LOOK_MILLISECONDS);
  }
}
