// `enks serve` on PostgreSQL: several processes, and a database that is gone for a while.

import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { openPostgresDatabase } from "../../src/platform/database/postgres/open-postgres-database.ts";
import { PATIENCE } from "../support/patience.ts";
import { type PostgresWay, startWay } from "../support/postgres-way.ts";
import { initFolder, type ServeProcess, startServe, type Variables } from "../support/serve-process.ts";
import { longTest } from "../support/test-size.ts";

const given = inject("postgresUrl");
const SHIFTED_CLOCK = join(import.meta.dirname, "..", "support", "shifted-clock.ts");

/** Asks until the answer is as wanted; the test's own limit ends it. */
async function until<T>(ask: () => Promise<T>, isWanted: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (isWanted(answer)) return answer;
    await pause(PATIENCE.interval);
  }
}

/** In production that has to be said. */
function inClear(address: string): string {
  const url = new URL(address);
  url.searchParams.set("sslmode", "disable");
  return url.href;
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
  let way: PostgresWay;
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
    DB_CONNECT_TIMEOUT: "10",
    METRICS_PORT: "0",
    ...more,
  });
  function serve(folder: string, more: Variables = {}): ServeProcess {
    const started = startServe(join(base, folder), variables(more));
    running.push(started);
    return started;
  }

  /** A server whose "publish-index" runs each second, and how often it has. */
  async function startRunning(more: Variables = {}) {
    const token = await initFolder(join(base, "data"), ["--set", "jobPeriodsSeconds={publish-index: 1}"], variables());
    const server = serve("data", more);
    const { adminUrl, publicUrl, metricsUrl } = await server.started();
    const askAdmin = () => fetch(`${adminUrl}/v1/jobs`, { headers: { authorization: `Bearer ${token}` } });
    const readRuns = async (): Promise<number> => {
      const response = await askAdmin();
      if (response.status !== 200) return 0;
      const { items }: { items: { name: string; runs: number }[] } = JSON.parse(await response.text());
      return items.find(({ name }) => name === "publish-index")?.runs ?? 0;
    };
    const runsAgain = async () => {
      await until(
        () => readyCodes(metricsUrl),
        (codes) => codes.length === 0,
      );
      const before = await until(readRuns, (runs) => runs > 0);
      await until(readRuns, (runs) => runs > before + 1);
    };
    await runsAgain();
    return { server, publicUrl, metricsUrl, askAdmin, runsAgain };
  }

  test("a database that is gone makes it unready, and it goes on by itself when that is back", async () => {
    const { server, publicUrl, metricsUrl, askAdmin, runsAgain } = await startRunning({
      ENKS_PRODUCTION: "true",
      DATABASE_URL: inClear(way.url),
    });
    expect(await server.next("server.started")).toMatchObject({ database: "postgres" });

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
    await runsAgain();
    server.signal("SIGTERM");
    expect((await server.ended()).code).toBe(0);
    expect(JSON.stringify(server.lines)).not.toContain(new URL(way.url).password || "no password");
  });

  longTest(
    "one that takes everything and answers nothing is given up after its time, and had again when it answers",
    async () => {
      const { server, metricsUrl, askAdmin, runsAgain } = await startRunning({ ENKS_DATABASE_STATEMENT_TIMEOUT: "3" });
      way.stall();
      await until(
        () => readyCodes(metricsUrl),
        (codes) => codes.includes("database_unreachable"),
      );
      const refused = await askAdmin();
      expect([refused.status, await refused.json()]).toEqual([
        503,
        expect.objectContaining({ code: "database_unreachable" }),
      ]);
      // A start does not wait for it either.
      expect(await serve("data").ended()).toMatchObject({
        code: 1,
        errors: expect.stringMatching(/^error database_unreachable: /),
      });
      way.mend();
      await runsAgain();
      server.signal("SIGTERM");
      expect((await server.ended()).code).toBe(0);
    },
  );

  test("one whose clock differs from this machine's is refused before anything is done", async () => {
    await initFolder(join(base, "data"), [], variables());
    writeFileSync(join(base, "shift"), "-864000");
    const variablesOfClock = variables({ CLOCK_SHIFT_FILE: join(base, "shift") });
    const server = startServe(join(base, "data"), variablesOfClock, { preload: SHIFTED_CLOCK });
    running.push(server);
    expect(await server.ended()).toEqual({
      code: 1,
      errors: expect.stringMatching(/^error clock_differs: here it is .*, at the database it is .*\n.*clocks/),
    });
  });

  test("processes with other duties share one database", async () => {
    const token = await initFolder(join(base, "one"), [], variables());
    expect(await initFolder(join(base, "two"), [], variables())).toBe("");
    const front = serve("one", { ENKS_DUTIES: "public,admin" });
    const { hostname, port, username, password, pathname } = new URL(way.url);
    const worker = serve("two", {
      ENKS_DUTIES: "import,export,mirror,publish,clean-up",
      ENKS_JOB_PERIODS: "publish-index=1s",
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
    const response = await ask("/v1/jobs/publish-index/runs", { method: "POST", body: "{}" });
    expect(response.status).toBe(202);
    const asked: { runs: { run: string }[] } = JSON.parse(await response.text());
    const run = asked.runs[0]?.run;
    const ended = await until(
      async (): Promise<{ state: string }> =>
        JSON.parse(await (await ask(`/v1/jobs/publish-index/runs/${run}`)).text()),
      ({ state }) => state !== "waiting" && state !== "running",
    );
    expect(ended.state).toBe("succeeded");
    expect(await (await fetch(`${metricsUrl}/metrics`)).text()).toMatch(
      /enks_job_run_seconds_count\{job="publish-index"\} [1-9]/,
    );
  });

  longTest("a token that has expired is refused with its code", async () => {
    const token = await initFolder(join(base, "data"), [], variables());
    const { adminUrl } = await serve("data").started();
    const make = async (seconds: number) => {
      const expiresAt = new Date(Date.now() + seconds * 1_000).toISOString().replace(/\.\d+Z/, "Z");
      const made = await fetch(`${adminUrl}/v1/principals`, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ name: "anna", role: "auditor", expiresAt }),
      });
      return { status: made.status, body: JSON.parse(await made.text()) };
    };
    // A busy machine may be slower than the first times.
    let seconds = 3;
    const made = await until(
      () => make(seconds),
      ({ status }) => status === 201 || (seconds *= 2) > PATIENCE.timeout,
    );
    const { token: short }: { token: string } = made.body;
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
