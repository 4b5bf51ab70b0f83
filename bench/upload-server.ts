// A running `enks serve` on PostgreSQL for benchmarks of uploads, with one authority and one app.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MEMORY_FLAGS, MEMORY_SETTINGS } from "../bin/memory-settings.mjs";
import { makeAuthority, type TestAuthority } from "../test/support/certificates.ts";
import { initFolder, type ServeProcess, startServe } from "../test/support/serve-process.ts";

export interface UploadServer extends AsyncDisposable {
  readonly publicUrl: string;
  readonly authority: TestAuthority;
  /** Where its tables are. */
  readonly schema: string;
  /** Another process of the same server, which takes uploads too. */
  startAnother(): Promise<ServeProcess>;
  /** Metrics without labels of the process; delays of the event loop are those since the reading before. */
  readMetrics<Name extends string>(...names: Name[]): Promise<Record<Name, number>>;
}

export const APP = "org.example.bench";

/** By default in a schema of its own; only what takes uploads in runs. */
export async function startUploadServer(databaseUrl: string, schema = `bench_${process.pid}`): Promise<UploadServer> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "enks-bench-"));
  opened.defer(() => rm(folder, { recursive: true }));
  const variables = {
    // As the launchers start it.
    ...MEMORY_SETTINGS,
    NODE_OPTIONS: MEMORY_FLAGS.join(" "),
    DATABASE_URL: databaseUrl,
    ENKS_DATABASE_SCHEMA: schema,
    ENKS_DUTIES: "public,upload,admin",
    ENKS_UPLOADS_PER_MINUTE: "0",
    // One process opens the tokens of another.
    ENKS_ENCRYPTION_KEYS_FOLDER: join(folder, "encryption-keys"),
    LOG_LEVEL: "ERROR",
  };
  const servers: ServeProcess[] = [];
  // Together, and each with its own time: one that stops takes nothing from another.
  opened.defer(async () => {
    for (const one of servers) one.signal("SIGTERM");
    await Promise.all(servers.map((one) => one.ended()));
  });
  const start = (place: string) => {
    const serving = startServe(place, variables);
    servers.push(serving);
    return serving;
  };
  const token = await initFolder(folder, [], variables);
  const serving = start(folder);
  const { publicUrl, adminUrl } = await serving.started();
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await fetch(adminUrl + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
    return answer.text();
  };
  const authority = makeAuthority();
  await ask("POST", "/v1/authorities", { name: "bench", iss: authority.iss, aud: authority.aud });
  const key = { version: authority.kid, publicKeyPem: authority.publicKeyPem };
  await ask("POST", "/v1/authorities/bench/keys", key);
  await ask("POST", "/v1/apps", { name: APP, regions: ["XX"], authorities: ["bench"] });
  const stack = opened.move();
  return {
    publicUrl,
    authority,
    schema,
    async startAnother() {
      const place = join(folder, `another-${servers.length}`);
      await initFolder(place, [], variables);
      return start(place);
    },
    async readMetrics(...names) {
      const text = await ask("GET", "/metrics");
      const valueOf = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
      return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<(typeof names)[number], number>;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
