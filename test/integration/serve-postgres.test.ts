// `enks serve` on PostgreSQL: several processes, and a database that is gone for a while.

import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { openPostgresDatabase } from "../../src/platform/database/postgres/open-postgres-database.ts";
import { initFolder, type ServeProcess, startServe, type Variables } from "../support/serve-process.ts";

const given = inject("postgresUrl");

/** A way to a PostgreSQL server that can be cut and mended. */
async function startWay(to: URL) {
  const open = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(to.port || 5_432), to.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.pipe(other);
      one
        .on("error", () => other.destroy())
        .on("close", () => {
          open.delete(one);
          other.destroy();
        });
    }
    return undefined;
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const url = new URL(to);
  url.hostname = "127.0.0.1";
  url.port = String(typeof address === "object" && address !== null ? address.port : 0);
  return {
    url: url.href,
    cut() {
      isCut = true;
      for (const socket of open) socket.destroy();
    },
    mend() {
      isCut = false;
    },
    close() {
      this.cut();
      server.close();
    },
  };
}

/** Asks until the answer is as wanted; the test's own limit ends it. */
async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
  }
}

async function readyCodes(url: string): Promise<string[]> {
  const response = await fetch(`${url}/health/ready`);
  const { codes }: { codes: string[] } = JSON.parse(await response.text());
  expect(response.status).toBe(codes.length === 0 ? 200 : 503);
  return codes;
}

describe.skipIf(given === null)("on PostgreSQL", () => {
  let base: string;
  let schema: string;
  let way: Awaited<ReturnType<typeof startWay>>;
  const running: ServeProcess[] = [];

  beforeEach(async () => {
    base = mkdtempSync(join(tmpdir(), "enks-pg-"));
    schema = `serve_${randomUUID().replaceAll("-", "")}`;
    way = await startWay(new URL(given ?? ""));
  });
  afterEach(async () => {
    for (const one of running.splice(0)) {
      one.signal("SIGKILL");
      await one.ended();
    }
    way.close();
    const database = await openPostgresDatabase({ url: given ?? "" });
    for (const name of [schema, `${schema}_jobs`]) await database.execute(`drop schema if exists ${name} cascade`, []);
    await database.close();
    rmSync(base, { recursive: true, force: true });
  });

  const variables = (more: Variables = {}): Variables => ({
    DATABASE_URL: way.url,
    ENKS_DATABASE_SCHEMA: schema,
    DB_CONNECT_TIMEOUT: "2",
    METRICS_PORT: "0",
    ...more,
  });
  function serve(folder: string, more: Variables = {}): ServeProcess {
    const started = startServe(join(base, folder), variables(more));
    running.push(started);
    return started;
  }

  test("a database that is gone makes it unready, and it goes on by itself when that is back", async () => {
    const token = await initFolder(join(base, "data"), ["--set", "jobPeriodsSeconds={export: 1}"], variables());
    const server = serve("data", { ENKS_PRODUCTION: "true" });
    const { adminUrl, publicUrl, metricsUrl } = await server.started();
    expect(await readyCodes(metricsUrl)).toEqual([]);
    expect(await server.next("server.started")).toMatchObject({ database: "postgres" });
    const askAdmin = () => fetch(`${adminUrl}/v1/jobs`, { headers: { authorization: `Bearer ${token}` } });
    const readRuns = async (): Promise<number> => {
      const { items }: { items: { name: string; runs: number }[] } = JSON.parse(await (await askAdmin()).text());
      return items.find(({ name }) => name === "export")?.runs ?? 0;
    };
    await until(readRuns, (runs) => runs > 0);

    way.cut();
    await until(
      () => readyCodes(metricsUrl),
      (codes) => codes.includes("database_unreachable"),
    );
    expect((await fetch(`${metricsUrl}/health/live`)).status).toBe(200);
    expect((await fetch(`${publicUrl}/health`)).status).toBe(200);
    const refused = await askAdmin();
    expect([refused.status, await refused.json()]).toEqual([
      503,
      expect.objectContaining({ code: "database_unreachable", remedy: expect.any(String) }),
    ]);
    expect(await (await fetch(`${metricsUrl}/metrics`)).text()).toContain("enks_status_readable 0");

    way.mend();
    await until(
      () => readyCodes(metricsUrl),
      (codes) => codes.length === 0,
    );
    const before = await readRuns();
    await until(readRuns, (runs) => runs > before);
    server.signal("SIGTERM");
    expect((await server.ended()).code).toBe(0);
    expect(JSON.stringify(server.lines)).not.toContain(new URL(way.url).password || "no password");
  });

  test("processes with other duties share one database", async () => {
    const token = await initFolder(join(base, "one"), [], variables());
    expect(await initFolder(join(base, "two"), [], variables())).toBe("");
    const front = serve("one", { ENKS_DUTIES: "public,admin" });
    const { hostname, port, username, password, pathname } = new URL(way.url);
    const worker = serve("two", {
      ENKS_DUTIES: "import,export,mirror,publish,clean-up",
      ENKS_JOB_PERIODS: "export=1s",
      DATABASE_URL: "",
      DB_HOST: hostname,
      DB_PORT: port,
      DB_USER: decodeURIComponent(username),
      DB_PASSWORD: decodeURIComponent(password),
      DB_NAME: pathname.slice(1),
      DB_SSLMODE: "disable",
    });
    const [{ adminUrl }, { metricsUrl }] = await Promise.all([front.started(), worker.started()]);
    expect(await worker.next("server.started")).toMatchObject({ publicUrl: null, adminUrl: null });
    const ask = (path: string, init: RequestInit = {}) =>
      fetch(adminUrl + path, {
        ...init,
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      });
    const response = await ask("/v1/jobs/export/runs", { method: "POST", body: "{}" });
    expect(response.status).toBe(202);
    const { run }: { run: string } = JSON.parse(await response.text());
    const ended = await until(
      async (): Promise<{ state: string }> => JSON.parse(await (await ask(`/v1/jobs/export/runs/${run}`)).text()),
      ({ state }) => state !== "waiting" && state !== "running",
    );
    expect(ended.state).toBe("succeeded");
    expect(await (await fetch(`${metricsUrl}/metrics`)).text()).toMatch(
      /enks_job_run_seconds_count\{job="export"\} [1-9]/,
    );
  });

  test("a token that has expired is refused with its code", async () => {
    const token = await initFolder(join(base, "data"), [], variables());
    const { adminUrl } = await serve("data").started();
    const expiresAt = new Date(Date.now() + 3_000).toISOString().replace(/\.\d+Z/, "Z");
    const made = await fetch(`${adminUrl}/v1/principals`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ name: "anna", role: "auditor", expiresAt }),
    });
    const { token: short }: { token: string } = JSON.parse(await made.text());
    const ask = async () => {
      const response = await fetch(`${adminUrl}/v1/status`, { headers: { authorization: `Bearer ${short}` } });
      return { status: response.status, body: JSON.parse(await response.text()) };
    };
    expect(await until(ask, ({ status }) => status !== 200)).toEqual({
      status: 401,
      body: expect.objectContaining({ code: "token_expired" }),
    });
  });
});
