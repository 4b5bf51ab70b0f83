// The file, the environment over it, and what is said about both.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { SETTINGS } from "./list-settings.ts";
import { loadConfig } from "./load-config.ts";
import { UNREAD_NAMES } from "./reference-names.ts";
import { renderSettings, showSettings } from "./show-config.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "enks-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (text: string, name = "enks.yaml") => writeFileSync(join(folder, name), text);
const load = (text: string, environment: Record<string, string> = {}) => {
  write(text);
  return loadConfig(folder, environment);
};
const problemIn = (text: string, environment: Record<string, string> = {}) => {
  try {
    load(text, environment);
  } catch (error) {
    if (error instanceof Error) return { code: Reflect.get(error, "code"), message: error.message };
  }
  throw new Error("this was accepted");
};

describe("the file", () => {
  test("sets what it names, below its folder", () => {
    const { config, origins } = load("name: state\npublicListener:\n  port: 9000\n");
    expect(config).toMatchObject({ name: "state", dataFolder: folder, publicListener: { port: 9_000 } });
    expect([...origins]).toEqual([
      ["name", "enks.yaml"],
      ["publicListener.port", "enks.yaml"],
    ]);
  });

  test("may be empty, or hold comments only", () => {
    expect(load("").config.name).toBe("enks");
    expect(load("# name: state\n").config.name).toBe("enks");
  });

  test("that is missing has a code, and the way out", () => {
    expect(() => loadConfig(folder, {})).toThrow(expect.objectContaining({ code: "config_missing" }));
    expect(() => loadConfig(join(folder, "none"), {})).toThrow(
      expect.objectContaining({ remedy: expect.stringContaining("enks init") }),
    );
  });

  test.each([
    ["name: [", "line 1"],
    ["name: a\nname: b", "line 2"],
  ])("%j is refused with its line", (text, line) => {
    const { code, message } = problemIn(text);
    expect(code).toBe("config_unreadable");
    expect(message).toContain(line);
  });

  test("that is no YAML is refused without showing any of it", () => {
    const { code, message } = problemIn('database:\n  url: "postgres://enks:hunter2@db');
    expect(code).toBe("config_unreadable");
    expect(message).not.toContain("hunter2");
  });

  test.each(["just text", "- a\n- b", "3", "a: &x [*x]", "a: *none", "<<: 1"])("%j is refused", (text) => {
    expect(problemIn(text).code).toMatch(/^config_(invalid|unreadable)$/);
  });

  test("a bomb of aliases is refused", () => {
    const lines = ["a0: &a0 [x]"];
    for (let at = 1; at < 30; at++)
      lines.push(
        `a${at}: &a${at} [${Array(10)
          .fill(`*a${at - 1}`)
          .join(", ")}]`,
      );
    expect(problemIn(lines.join("\n")).code).toBe("config_unreadable");
  });

  test("does not set where it lies", () => {
    expect(problemIn("dataFolder: /srv").message).toContain("dataFolder is where the file lies");
  });
});

test.each([".inf", "-.inf", ".nan", "1e400"])("the number %s is refused and not taken for none", (text) => {
  expect(problemIn(`stopWithinSeconds: ${text}`)).toMatchObject({
    code: "config_invalid",
    message: expect.stringContaining("stopWithinSeconds must be integer"),
  });
});

describe("the environment", () => {
  test("comes before the file", () => {
    const { config, origins } = load("publicListener:\n  port: 9000\n  host: ::1\n", { PORT: "9001" });
    expect(config.publicListener).toEqual({ port: 9_001, host: "::1" });
    expect(origins.get("publicListener.port")).toBe("PORT");
  });

  test("has the reference server's names and forms where the meaning is the same (KS 11.5)", () => {
    const { config } = load("", {
      PORT: "80",
      LOG_LEVEL: "CRITICAL",
      LOG_MODE: "development",
      TRUNCATE_WINDOW: "1h",
      MIN_WINDOW_AGE: "2h30m",
      CLEANUP_TTL: "360h",
      DB_HOST: "db",
      DB_NAME: "keys",
      DB_PASSWORD: "a b'c\\d",
      DB_CONNECT_TIMEOUT: "7",
      DB_POOL_MAX_CONN_LIFETIME: "5m",
      METRICS_PORT: "9090",
      EXPORT_FILE_MAX_RECORDS: "10000",
    });
    expect(config).toMatchObject({
      publicListener: { port: 80 },
      logLevel: "error",
      logForm: "text",
      truncateWindowSeconds: 3_600,
      minWindowAgeSeconds: 9_000,
      cleanupTtlSeconds: 1_296_000,
      database: {
        parts: { host: "db", name: "keys", password: "a b'c\\d", sslMode: "require" },
        connectTimeoutSeconds: 7,
        poolMaxLifetimeSeconds: 300,
      },
      metricsListener: { port: 9_090 },
      exportFileMaxRecords: 10_000,
    });
  });

  test.each([
    ["DEBUG", "debug"],
    ["INFO", "info"],
    ["warning", "warn"],
    ["ERROR", "error"],
    ["ALERT", "error"],
    ["EMERGENCY", "error"],
    ["silent", "silent"],
  ])("LOG_LEVEL=%s is %s", (text, level) => {
    expect(load("", { LOG_LEVEL: text }).config.logLevel).toBe(level);
  });

  test("lists and periods", () => {
    const { config } = load("", { ENKS_DUTIES: "public, export", ENKS_JOB_PERIODS: "export=5s,import-archives=1m" });
    expect(config.duties).toEqual(["public", "export"]);
    expect(config.jobPeriodsSeconds).toEqual({ export: 5, "import-archives": 60 });
  });

  test("an empty variable counts as unset", () => {
    expect(load("name: state", { ENKS_NAME: "", PORT: "" }).config.name).toBe("state");
  });

  test("variables of the commands are passed over", () => {
    expect(load("", { ENKS_SERVER: "x", ENKS_TOKEN: "y", ENKS_PROFILE: "z", ENKS_PROFILES: "p" }).unread).toEqual([]);
  });

  test.each([
    [{ ENKS_ADMINPORT: "1" }, "the variable ENKS_ADMINPORT is not known; did you mean ENKS_ADMIN_PORT?"],
    [{ PORT: "http" }, "PORT must be a whole number"],
    [{ PORT: "80", ENKS_PUBLIC_PORT: "81" }, "PORT and ENKS_PUBLIC_PORT set the same"],
    [{ TRUNCATE_WINDOW: "soon" }, "TRUNCATE_WINDOW must be a duration such as 90s"],
    [{ LOG_LEVEL: "LOUD" }, "LOG_LEVEL must be one of debug, info, warn, error, silent, WARNING"],
    [{ ENKS_PRODUCTION: "yes" }, "ENKS_PRODUCTION must be true or false"],
    [{ ENKS_JOB_PERIODS: "export" }, "ENKS_JOB_PERIODS must be a list such as"],
    [{ PORT: "99999" }, "publicListener.port must be <= 65535"],
    [{ DATABASE_URL: "postgres://db", DB_HOST: "db" }, "database.url and database.host exclude each other"],
  ])("%j is refused", (environment, expected) => {
    const { code, message } = problemIn("", environment);
    expect(code).toBe("config_invalid");
    expect(message).toContain(expected);
  });

  test("what the reference server reads and this one does not is told", () => {
    expect(load("", { BACKFILL_REPORT_TYPE: "confirmed", KEY_MANAGER: "FILESYSTEM", PATH: "/bin" }).unread).toEqual([
      "KEY_MANAGER",
      "BACKFILL_REPORT_TYPE",
    ]);
  });

  test("no variable has two meanings", () => {
    const names = SETTINGS.flatMap(({ environment }) => environment);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => UNREAD_NAMES.includes(name))).toEqual([]);
  });
});

describe("secrets", () => {
  const url = "postgres://enks:hunter2@db:5433/keys?sslpassword=hunter3";

  test("may be referred to, from the file and by variables that end in _FILE", () => {
    write(`${url}\n`, "secret");
    const reference = `file:${join(folder, "secret")}`;
    expect(load(`database:\n  url: ${reference}`).config.database).toMatchObject({ url });
    expect(load("", { DATABASE_URL: reference }).config.database).toMatchObject({ url });
    expect(load("", { DATABASE_URL_FILE: join(folder, "secret") }).config.database).toMatchObject({ url });
    expect(load("", { DB_HOST: "db", DB_PASSWORD_FILE: join(folder, "secret") }).config.database).toMatchObject({
      parts: { password: url },
    });
  });

  test("are looked for from the data folder on, wherever the process was started", () => {
    write(url, "secret");
    expect(load("database:\n  url: file:secret").config.database).toMatchObject({ url });
  });

  test("that cannot be read are refused by their path", () => {
    const { code, message } = problemIn("", { DATABASE_URL_FILE: join(folder, "none") });
    expect(code).toBe("config_invalid");
    expect(message).toContain(`database.url is to be read from ${join(folder, "none")}`);
  });

  test("two ways at once contradict each other", () => {
    const { message } = problemIn("", { DATABASE_URL: url, DATABASE_URL_FILE: "/run/secrets/url" });
    expect(message).toContain("DATABASE_URL and DATABASE_URL_FILE set the same");
    expect(message).not.toContain("hunter");
  });

  test.each([
    { DATABASE_URL: url },
    { DB_HOST: "db", DB_PASSWORD: "hunter2" },
    { DB_HOST: "db", DB_PASSWORD: "postgres://hunter2" },
  ])("are not in what is shown: %#", (environment) => {
    const text = renderSettings(showSettings(load("", environment)));
    expect(text).not.toContain("hunter");
    expect(text).toContain(environment.DATABASE_URL ? 'url: "postgres://enks@db:5433/keys"' : 'password: "(secret)"');
  });
});

describe("what is shown", () => {
  test("can be read again, and then means the same", () => {
    const first = load("name: 'yes'\nduties: [public, admin]\njobPeriodsSeconds: { export: 5 }\n", { PORT: "9000" });
    const again = load(renderSettings(showSettings(first)));
    expect(again.config).toEqual(first.config);
  });

  test("says where a value comes from", () => {
    const text = renderSettings(showSettings(load("name: state", { PORT: "9000" })));
    expect(text).toContain("name: state # enks.yaml");
    expect(text).toContain("port: 9000 # PORT");
    expect(text).toContain("port: 8081 # default");
  });
});
