// A schema of its own on the given PostgreSQL server, behind a way that can be cut, for real processes.

import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HOUR } from "../../src/core/clock.ts";
import { openPostgresDatabase } from "../../src/platform/database/postgres/open-postgres-database.ts";
import { type PostgresWay, startWay } from "./postgres-way.ts";
import { type ServeOptions, type ServeProcess, startServe, type Variables } from "./serve-process.ts";

export interface PostgresWorld extends AsyncDisposable {
  readonly base: string;
  readonly schema: string;
  readonly way: PostgresWay;
  /** For a process that is to work there. */
  variables(more?: Variables): Variables;
  /** Starts a server in a folder of `base`; it is killed in the end. */
  serve(folder: string, more?: Variables, options?: ServeOptions): ServeProcess;
  /** Runs statements with the server's own rights. */
  sql(text: string): Promise<readonly unknown[]>;
}

export async function makePostgresWorld(url: string): Promise<PostgresWorld> {
  const base = mkdtempSync(join(tmpdir(), "enks-world-"));
  const schema = `world_${randomUUID().replaceAll("-", "")}`;
  const way = await startWay(new URL(url));
  // One connection for all statements, and for as long as a test takes: a lock that one of them takes stays.
  const database = await openPostgresDatabase({ url, maxConnections: 1, maxIdleSeconds: HOUR });
  const running: ServeProcess[] = [];
  const variables = (more: Variables = {}): Variables => ({
    DATABASE_URL: way.url,
    ENKS_DATABASE_SCHEMA: schema,
    DB_CONNECT_TIMEOUT: "5",
    METRICS_PORT: "0",
    ...more,
  });
  return {
    base,
    schema,
    way,
    variables,
    serve(folder, more, options) {
      const started = startServe(join(base, folder), variables(more), options);
      running.push(started);
      return started;
    },
    sql: (text) => database.execute(text, []),
    async [Symbol.asyncDispose]() {
      for (const one of running) {
        one.signal("SIGKILL");
        await one.ended();
      }
      way.close();
      for (const name of [schema, `${schema}_jobs`]) {
        await database.execute(`drop schema if exists ${name} cascade`, []);
      }
      await database.close();
      rmSync(base, { recursive: true, force: true });
    },
  };
}
