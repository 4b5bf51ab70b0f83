// A running `enks serve` on PostgreSQL for benchmarks of uploads, with one authority and one app.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MEMORY_FLAGS, MEMORY_SETTINGS } from "../bin/memory-settings.mjs";
import { makeAuthority, type TestAuthority } from "../test/support/certificates.ts";
import { initFolder, startServe } from "../test/support/serve-process.ts";

export interface UploadServer extends AsyncDisposable {
  readonly publicUrl: string;
  readonly authority: TestAuthority;
  /** Where its tables are. */
  readonly schema: string;
  /** Metrics without labels of the process; delays of the event loop are those since the reading before. */
  readMetrics<Name extends string>(...names: Name[]): Promise<Record<Name, number>>;
}

export const APP = "org.example.bench";

/** In a schema of its own; only what takes uploads in runs. */
export async function startUploadServer(databaseUrl: string): Promise<UploadServer> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "enks-bench-"));
  opened.defer(() => rm(folder, { recursive: true }));
  const schema = `bench_${process.pid}`;
  const variables = {
    // As the launchers start it.
    ...MEMORY_SETTINGS,
    NODE_OPTIONS: MEMORY_FLAGS.join(" "),
    DATABASE_URL: databaseUrl,
    ENKS_DATABASE_SCHEMA: schema,
    ENKS_DUTIES: "public,upload,admin",
    ENKS_UPLOADS_PER_MINUTE: "0",
    LOG_LEVEL: "ERROR",
  };
  const token = await initFolder(folder, [], variables);
  const serving = startServe(folder, variables);
  opened.defer(async () => {
    serving.signal("SIGTERM");
    await serving.ended();
  });
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
    async readMetrics(...names) {
      const text = await ask("GET", "/metrics");
      const valueOf = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1] ?? Number.NaN);
      return Object.fromEntries(names.map((name) => [name, valueOf(name)])) as Record<(typeof names)[number], number>;
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
