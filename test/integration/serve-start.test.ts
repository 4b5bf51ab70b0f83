// `enks init` and `enks serve` on the embedded database: start, health, stop, and every way in which a start fails.

import { once } from "node:events";
import { chmodSync, cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { freePort } from "../../scripts/free-port.ts";
import { openEmbeddedDatabase } from "../../src/platform/database/embedded/open-embedded-database.ts";
import { PATIENCE } from "../support/patience.ts";
import { initFolder, runCommand, type ServeProcess, startServe, type Variables } from "../support/serve-process.ts";
import { longTest, sampled } from "../support/test-size.ts";

let template: string;
/** Of the administrator of every folder that `made` makes. */
let administratorToken: string;
let base: string;
let folder: string;
const running: ServeProcess[] = [];
beforeAll(async () => {
  template = mkdtempSync(join(tmpdir(), "enks-serve-"));
  administratorToken = await initFolder(join(template, "data"));
});
afterAll(() => rmSync(template, { recursive: true, force: true }));
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "enks-serve-"));
  folder = join(base, "data");
});
afterEach(async () => {
  for (const one of running.splice(0)) {
    one.signal("SIGKILL");
    await one.ended();
  }
  rmSync(base, { recursive: true, force: true });
});

/** A folder as `enks init` makes it, sooner. */
function made(): void {
  cpSync(join(template, "data"), folder, { recursive: true, preserveTimestamps: true });
}

function serve(variables: Variables = {}, where = folder): ServeProcess {
  const started = startServe(where, variables);
  running.push(started);
  return started;
}

async function readJson(url: string, token?: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } });
  return { status: response.status, body: await response.json() };
}

describe("a server", () => {
  test("starts, says where, answers for its health and its metrics, and stops in peace", async () => {
    made();
    const server = serve({ METRICS_PORT: "0", ENKS_NAME: "state" });
    const { publicUrl, adminUrl, metricsUrl } = await server.started();

    expect(await readJson(`${publicUrl}/health`)).toEqual({ status: 200, body: { status: "ok" } });
    for (const url of [adminUrl, metricsUrl]) {
      for (const path of ["live", "ready"]) {
        // Not ready is also one whose database does not answer soon, as on a busy machine.
        await vi.waitFor(async () => {
          expect(await readJson(`${url}/health/${path}`)).toEqual({ status: 200, body: { ok: true, codes: [] } });
        }, PATIENCE);
      }
    }
    expect(await readJson(`${publicUrl}/state/index.txt`)).toEqual({ status: 404, body: { code: "object_not_found" } });
    expect((await fetch(`${publicUrl}/enks-probe/x`)).status).toBe(404);

    expect((await readJson(`${adminUrl}/metrics`)).status).toBe(401);
    // The first run of a job comes when it comes.
    const asked = { headers: { authorization: `Bearer ${administratorToken}` } };
    const metrics = await vi.waitFor(async () => {
      const answer = await (await fetch(`${adminUrl}/metrics`, asked)).text();
      expect(answer).toContain("enks_job_run_seconds_bucket");
      expect(answer).toContain("enks_status_readable 1");
      return answer;
    }, PATIENCE);
    for (const name of [
      "enks_build_info{version=",
      "enks_events_total{",
      'enks_http_answer_seconds_count{listener="public",method="GET",route="/health",status="200"} 1',
      'route="/health/ready"',
      "process_resident_memory_bytes",
      "nodejs_eventloop_lag_p99_seconds",
    ]) {
      expect(metrics).toContain(name);
    }
    expect(await (await fetch(`${metricsUrl}/metrics`)).text()).toContain("enks_build_info");
    expect(await readJson(`${adminUrl}/v1/principals`, administratorToken)).toMatchObject({
      status: 200,
      body: { items: [{ name: "admin", role: "administrator" }] },
    });

    expect(server.lines[0]).toMatchObject({ event: "server.starting", name: "state", "publicListener.port": 0 });
    expect(await server.next("server.started")).toMatchObject({
      database: "embedded",
      durability: expect.stringContaining("not a power cut"),
    });
    server.signal("SIGTERM");
    expect(await server.ended()).toEqual({ code: 0, errors: "" });
    expect(server.lines.at(-1)).toMatchObject({ event: "server.stopped", level: "info" });
    expect(JSON.stringify(server.lines)).not.toContain(administratorToken);
  });

  longTest("that was killed starts again in the same folder", async () => {
    made();
    const first = serve();
    await first.started();
    first.signal("SIGKILL");
    await first.ended();
    const second = serve();
    const { publicUrl } = await second.started();
    expect((await fetch(`${publicUrl}/health`)).status).toBe(200);
  });

  longTest("takes the signals of a terminal and of the program that started it as one wish", async () => {
    made();
    const server = serve();
    await server.started();
    server.signal("SIGINT");
    server.signal("SIGINT");
    expect((await server.ended()).code).toBe(0);
    expect(server.lines.at(-1)).toMatchObject({ event: "server.stopped" });
  });

  longTest("with the public duty only needs no database, and serves the folder of another process", async () => {
    made();
    const whole = serve();
    await whole.started();
    const mirror = serve({ ENKS_DUTIES: "public", METRICS_PORT: "0" });
    const { publicUrl, adminUrl, metricsUrl } = await mirror.started();
    expect(adminUrl).toBe("null");
    expect((await fetch(`${publicUrl}/health`)).status).toBe(200);
    await vi.waitFor(async () => expect((await fetch(`${metricsUrl}/health/ready`)).status).toBe(200), PATIENCE);
    expect(await (await fetch(`${metricsUrl}/metrics`)).text()).toContain("enks_status_readable 1");
    expect(await mirror.next("server.started")).toMatchObject({ database: null });
  });

  longTest("shows the public URL of what stands in front of it", async () => {
    made();
    expect((await serve({ ENKS_PUBLIC_URL: "https://keys.example.org/" }).started()).publicUrl).toBe(
      "https://keys.example.org",
    );
  });

  test("prints its configuration without secrets, and does not start for it", async () => {
    made();
    const { code, output } = await runCommand(["serve", folder, "--print-config"], {
      DATABASE_URL: "postgres://enks:hunter2@db.invalid/keys",
      LOG_LEVEL: "INFO",
    });
    expect(code).toBe(0);
    expect(output).toContain('url: "postgres://enks@db.invalid/keys" # DATABASE_URL');
    expect(output).toContain("logLevel: info # LOG_LEVEL");
    expect(output).not.toContain("hunter2");
  });
});

/** The failure's lines on standard error; the process has ended with 1. */
async function failure(variables: Variables = {}, where = folder): Promise<string> {
  const { code, errors } = await serve(variables, where).ended();
  expect(code).toBe(1);
  expect(errors).not.toMatch(/\n {4}at |node:internal/);
  expect(errors.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
  return errors;
}

describe("a start that fails says why in one line with a code, and how to go on", () => {
  test("without a folder", async () => {
    const errors = await failure();
    expect(errors).toMatch(/^error config_missing: /);
    expect(errors).toContain(`enks init ${folder}`);
  });

  test("with a configuration that cannot be", async () => {
    made();
    expect(await failure({ ENKS_ADMINPORT: "1" })).toMatch(/^error config_invalid: .*did you mean ENKS_ADMIN_PORT\?/);
    expect(await failure({ ENKS_JOB_PERIODS: "exprot=5s" })).toMatch(/^error config_invalid: .*did you mean export\?/);
    expect(await failure({ ENKS_PRODUCTION: "true" })).toMatch(/^error embedded_in_production: /);
    writeFileSync(join(folder, "enks.yaml"), "name: [");
    expect(await failure()).toMatch(/^error config_unreadable: enks.yaml, line 1/);
  });

  test("on a port that is in use, and leaves the folder free", async () => {
    made();
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = String(typeof address === "object" && address !== null ? address.port : 0);
    expect(await failure({ PORT: port })).toMatch(
      /^error listener_port_in_use: port \d+ on 127.0.0.1 .*\n.*publicListener/,
    );
    expect(await failure({ ENKS_ADMIN_PORT: port })).toMatch(/^error listener_port_in_use: .*\n.*adminListener/);
    other.close();
    await serve().started();
  });

  longTest("on an address of another machine", async () => {
    made();
    expect(await failure({ ENKS_PUBLIC_HOST: "192.0.2.1" })).toMatch(/^error listener_address_unusable: /);
  });

  test("in a folder that another process has", async () => {
    made();
    const first = serve();
    await first.started();
    expect(await failure()).toMatch(new RegExp(`^error database_locked: .*process ${first.process.pid}`));
    const { code, errors } = await runCommand(["init", folder, "--administrator", "other"]);
    expect([code, errors]).toEqual([1, expect.stringContaining("error database_locked: ")]);
  });

  longTest("on tables of a newer program", async () => {
    made();
    const database = await openEmbeddedDatabase({ folder: join(folder, "database") });
    await database.execute(
      "insert into schema_migration (set_name, number, name, sha256, applied_at) values ('import', 99, '0099-later.sql', 'x', 0)",
      [],
    );
    await database.close();
    expect(await failure()).toMatch(/^error database_migration_changed: .*0099-later.*\n.*newer/);
  });

  test("on a database that cannot be reached", async () => {
    made();
    const url = `postgres://enks:hunter2@127.0.0.1:${await freePort()}/keys`;
    const errors = await failure({ DATABASE_URL: url });
    expect(errors).toMatch(/^error database_unreachable: /);
    expect(errors).not.toContain("hunter2");
  });

  test.skipIf(process.getuid?.() === 0)("in a folder that this user may not use", async () => {
    made();
    chmodSync(join(folder, "enks.yaml"), 0o000);
    expect(await failure()).toMatch(/^error config_unreadable: /);
    chmodSync(join(folder, "enks.yaml"), 0o600);
    chmodSync(join(folder, "database"), 0o500);
    expect(await failure()).toMatch(/^error (database_folder_invalid|folder_unusable): /);
    chmodSync(join(folder, "database"), 0o700);
  });
});

describe("enks init", () => {
  test("makes a folder that only its owner can read, and prints nothing but the token", async () => {
    const { code, output, errors } = await runCommand(["init", folder]);
    expect(code).toBe(0);
    expect(output).toMatch(/^enks_[\w-]{43}\n$/);
    expect(errors).toContain(`enks serve ${folder}`);
    expect(errors).not.toContain(output.trim());
    expect([statSync(folder).mode & 0o777, statSync(join(folder, "enks.yaml")).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  longTest("can be repeated: the configuration stays, nobody is made, another administrator on request", async () => {
    const args = ["init", folder, "--name", "state"];
    await runCommand(args);
    const repeated = await runCommand(args);
    expect([repeated.code, repeated.output]).toEqual([0, ""]);
    expect(repeated.errors).toContain("There is an administrator already");
    const lost = await runCommand([...args, "--administrator", "anna"]);
    expect([lost.code, lost.output]).toEqual([0, expect.stringMatching(/^enks_/)]);
    const again = await runCommand([...args, "--administrator", "anna"]);
    expect([again.code, again.errors]).toEqual([1, expect.stringContaining("error principal_exists: ")]);
    const other = await runCommand(["init", folder, "--name", "nation"]);
    expect([other.code, other.errors]).toEqual([1, expect.stringContaining("error config_exists: ")]);
  });

  test("keeps the token in a profile instead of printing it", async () => {
    const profiles = join(base, "profiles.json");
    const args = ["init", folder, "--admin-port", "18099", "--profile", "state"];
    const { code, output } = await runCommand(args, { ENKS_PROFILES: profiles });
    expect([code, output]).toEqual([0, ""]);
    expect(statSync(profiles).mode & 0o777).toBe(0o600);
    const shown = await runCommand(["profile", "list", "--json"], { ENKS_PROFILES: profiles });
    expect(shown.output).toContain("http://127.0.0.1:18099");
  });

  const refused: [string[], string][] = [
    [["--public-port", "http"], "init_options_invalid"],
    [["--set", "port"], "init_options_invalid"],
    [["--set", "publicListener.prot=1"], "config_invalid"],
    [["--set", "logLevel=loud"], "config_invalid"],
    [["--admin-port", "0", "--profile", "x"], "init_options_invalid"],
    [["--profile", "../x"], "profile_invalid"],
  ];
  test.each(sampled(refused, 2))("with %j leaves nothing behind", async (args, expected) => {
    const { code, errors } = await runCommand(["init", folder, ...args]);
    expect([code, errors]).toEqual([
      expected === "config_invalid" ? 1 : 2,
      expect.stringContaining(`error ${expected}: `),
    ]);
    expect(existsSync(folder)).toBe(false);
  });

  test("makes no administrator whose token its profile could not keep", async () => {
    writeFileSync(join(base, "letter.txt"), "Dear");
    const environment = { ENKS_PROFILES: join(base, "letter.txt", "profiles.json") };
    const { code, errors } = await runCommand(["init", folder, "--profile", "state"], environment);
    expect([code, errors]).toEqual([1, expect.stringContaining("error profiles_unusable: ")]);
    expect(existsSync(folder)).toBe(false);
  });

  test("touches no folder that has other things in it", async () => {
    writeFileSync(join(base, "letter.txt"), "Dear");
    const { code, errors } = await runCommand(["init", base]);
    expect([code, errors]).toEqual([1, expect.stringContaining("error data_folder_unusable: ")]);
    expect(readdirSync(base)).toEqual(["letter.txt"]);
  });
});
