// The configuration: defaults, refusals with a path, no secrets in messages.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeOf } from "../../core/coded-error.ts";
import { parseConfig } from "./config.ts";
import { readEnvironment } from "./environment.ts";

function problemOf(input: unknown): { code: unknown; message: string } {
  try {
    parseConfig(input);
  } catch (error) {
    if (error instanceof Error) return { code: Reflect.get(error, "code"), message: error.message };
  }
  throw new Error("this configuration was accepted");
}

describe("defaults", () => {
  test("an empty configuration is a small embedded server with the reference's limits (KS 11.5)", () => {
    expect(parseConfig({})).toEqual({
      name: "enks",
      production: false,
      dataFolder: ".enks",
      duties: ["public", "upload", "admin", "import", "export", "mirror", "publish", "clean-up"],
      jobPeriodsSeconds: {},
      stopWithinSeconds: 25,
      drainSeconds: 10,
      startWithinSeconds: 900,
      database: { kind: "embedded", folder: ".enks/database" },
      blobs: { kind: "filesystem", folder: ".enks/objects" },
      signingKeys: { kind: "filesystem", folder: ".enks/signing-keys" },
      encryptionKeys: { kind: "filesystem", folder: ".enks/encryption-keys" },
      publicListener: { host: "127.0.0.1", port: 8_080 },
      publicUrl: null,
      adminListener: { host: "127.0.0.1", port: 8_081 },
      metricsListener: null,
      maxKeysOnPublish: 30,
      maxSameStartIntervalKeys: 3,
      maxIntervalAgeOnPublishSeconds: 1_296_000,
      maxValidSymptomOnsetReportDays: 28,
      defaultSymptomOnsetDaysAgo: 4,
      responsePaddingMinBytes: 1_024,
      responsePaddingRange: 1_024,
      chaffRequestMaxLatencyMs: 1_000,
      maintenanceMode: false,
      uploadsPerMinute: 600,
      trustedProxies: [],
      certificateMaxLifetimeSeconds: 86_400,
      certificateClockLeewaySeconds: 60,
      revisionTokenKeyId: "revision-tokens",
      revisionKeyCacheDurationSeconds: 60,
      newKeyPeriodSeconds: 604_800,
      deleteOldKeyPeriodSeconds: 1_296_000,
      statsAudience: "keyserver",
      statsUploadMinimum: 10,
      statsEmbargoPeriodSeconds: 172_800,
      truncateWindowSeconds: 3_600,
      minWindowAgeSeconds: 7_200,
      exportFileMinRecords: 1_000,
      exportFilePaddingRange: 100,
      exportFileMaxRecords: 500_000,
      cleanupTtlSeconds: 1_209_600,
      allowGeneratedKeys: false,
      indexFileDownloadTimeoutSeconds: 30,
      exportFileDownloadTimeoutSeconds: 120,
      maxIndexBytes: 1_048_576,
      maxZipBytes: 33_554_432,
      maxRuntimeSeconds: 720,
      importLockTimeSeconds: 780,
      logLevel: "warn",
      logForm: "auto",
      auditKeptSeconds: null,
      tracing: null,
    });
  });

  test("folders follow the data folder unless they are named", () => {
    const config = parseConfig({ dataFolder: "/srv/enks", blobs: { kind: "filesystem", folder: "/srv/www" } });
    expect(config.database).toEqual({ kind: "embedded", folder: "/srv/enks/database" });
    expect(config.blobs).toEqual({ kind: "filesystem", folder: "/srv/www" });
  });

  test("relative folders begin at the data folder", () => {
    const config = parseConfig({ dataFolder: "/srv/enks", database: { folder: "../db" }, blobs: { folder: "www" } });
    expect([config.database, config.blobs]).toMatchObject([{ folder: "/srv/db" }, { folder: "/srv/enks/www" }]);
  });

  test("an address means PostgreSQL, in parts as in a URL, and nothing is glued together", () => {
    const password = "p w'\\\"%41@/?#";
    expect(parseConfig({ database: { host: "db", user: "enks", name: "keys", password } }).database).toMatchObject({
      kind: "postgres",
      parts: { host: "db", port: 5_432, user: "enks", name: "keys", password, sslMode: "require" },
      poolMaxConnections: 10,
    });
    expect(parseConfig({ database: { url: "postgres://db" } }).database).toMatchObject({ kind: "postgres" });
  });

  test("a member that is null counts as absent", () => {
    expect(parseConfig({ publicUrl: null, publicListener: null, database: { url: null } })).toEqual(parseConfig({}));
  });

  test("the public URL has no slash at its end", () => {
    expect(parseConfig({ publicUrl: "https://cdn.example.org/keys/" }).publicUrl).toBe("https://cdn.example.org/keys");
  });

  test("other backends have no folder", () => {
    const database = { kind: "postgres", url: "postgresql://enks@db/enks" };
    const config = parseConfig({ database, blobs: { kind: "memory" }, signingKeys: { kind: "memory" } });
    expect(config).toMatchObject({ database, blobs: { kind: "memory" }, signingKeys: { kind: "memory" } });
  });

  test("the input is not changed", () => {
    const input = { publicListener: { port: 0 } };
    expect(parseConfig(input).publicListener).toEqual({ host: "127.0.0.1", port: 0 });
    expect(input).toEqual({ publicListener: { port: 0 } });
  });
});

describe("production", () => {
  test("refuses what does not survive a power cut, with a code of its own", () => {
    expect(problemOf({ production: true }).code).toBe("embedded_in_production");
    const database = { url: "postgres://db" };
    expect(parseConfig({ production: true, database }).production).toBe(true);
  });

  test.each([
    [{ blobs: { kind: "memory" } }, "blobs.kind is memory"],
    [{ signingKeys: { kind: "memory" } }, "signingKeys.kind is memory"],
    [{ allowGeneratedKeys: true }, "allowGeneratedKeys is set"],
  ])("refuses %j", (setting, expected) => {
    const input = { production: true, database: { url: "postgres://db" }, ...setting };
    expect(problemOf(input)).toMatchObject({ code: "config_invalid", message: expect.stringContaining(expected) });
  });
});

describe("refusals name the path", () => {
  test("of every problem at once", () => {
    const { message } = problemOf({ logLevel: "loud", colour: 1, publicListener: { port: -1 } });
    for (const part of ["logLevel must", "colour is not", "publicListener.port must"]) expect(message).toContain(part);
  });

  test.each([
    [{ colour: "blue" }, "colour is not a known setting"],
    [
      { publicListener: { hots: "x" } },
      "publicListener.hots is not a known setting; did you mean publicListener.host?",
    ],
    [{ exportFileMinRecord: 1 }, "did you mean exportFileMinRecords?"],
    [{ publicListener: { port: 70_000 } }, "publicListener.port must be <= 65535"],
    [{ publicListener: { port: "80" } }, "publicListener.port must be integer"],
    [{ exportFileMinRecords: 1.5 }, "exportFileMinRecords must be integer"],
    [{ cleanupTtlSeconds: 3_600 }, "cleanupTtlSeconds must be >= 864000"],
    [{ logLevel: "loud" }, "logLevel must be one of debug, info, warn, error, silent"],
    [{ duties: ["public", "coffee"] }, "duties.1 must be one of public, upload"],
    [{ duties: [] }, "duties must not have fewer than 1"],
    [{ duties: ["public", "public"] }, "duties must not have duplicate"],
    [{ jobPeriodsSeconds: { export: 0 } }, "jobPeriodsSeconds.export must be >= 1"],
    [{ database: { kind: "oracle" } }, "database.kind must be one of embedded, postgres"],
    [{ database: { kind: "constructor" } }, "database.kind must be one of embedded, postgres"],
    [{ database: { kind: "postgres" } }, "database.kind is postgres, which needs database.url or database.host"],
    [{ database: { kind: "postgres", url: "mysql://x" } }, "database.url must match"],
    [{ database: { url: "postgres://x", host: "y" } }, "database.url and database.host exclude each other"],
    [{ database: { kind: "embedded", url: "postgres://x" } }, "database.kind is embedded, which has no database.url"],
    [{ database: { url: "postgres://x", folder: "y" } }, "database.folder belongs to the embedded database only"],
    [{ database: { host: "x", sslKeyFile: "y" } }, "database.sslCertFile and database.sslKeyFile need each other"],
    [{ database: { host: "x", sslMode: "verify-ca" } }, "which needs database.sslRootCertFile"],
    [{ database: { url: "postgres://x", schema: "a-b" } }, "database.schema must match"],
    [{ blobs: { kind: "memory", folder: "x" } }, "blobs.folder is set, although blobs.kind is memory"],
    [{ signingKeys: { kind: "filesystem", folder: "" } }, "signingKeys.folder must not have fewer than 1"],
    [{ exportFileMaxRecords: 1_000 }, "exportFileMaxRecords is smaller"],
    [{ importLockTimeSeconds: 120 }, "importLockTimeSeconds is not longer than exportFileDownloadTimeoutSeconds"],
    [{ publicUrl: "ftp://x" }, "publicUrl must match"],
    [{ adminListener: { port: 8_080 } }, "publicListener.port and adminListener.port are the same"],
    ["text", "must be object"],
    [null, "must be object"],
    [[], "must be object"],
  ])("%j", (input, expected) => {
    const { code, message } = problemOf(input);
    expect(code).toBe("config_invalid");
    expect(message).toContain(expected);
  });

  test("a value is never repeated in the message", () => {
    const { message } = problemOf({ database: { kind: "postgres", url: "http://enks:secret@db" } });
    expect(message).not.toContain("secret");
  });
});

test("whatever comes in, the answer is a configuration or config_invalid", () => {
  const setting = fc.constantFrom("dataFolder", "database", "blobs", "publicListener", "logLevel", "kind", "__proto__");
  const input = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(setting, fc.oneof(fc.jsonValue(), fc.dictionary(setting, fc.string()))),
  );
  fc.assert(
    fc.property(input, (value) => {
      try {
        return parseConfig(value).truncateWindowSeconds === 3_600;
      } catch (error) {
        return ["config_invalid", "embedded_in_production"].includes(codeOf(error) ?? "");
      }
    }),
    { numRuns: 500 },
  );
});

test("the environment is a copy", () => {
  const environment = readEnvironment();
  expect(environment["PATH"]).toBeTruthy();
  expect(Reflect.set(environment, "ENKS_TEST_COPY", "x") && readEnvironment()["ENKS_TEST_COPY"]).toBeUndefined();
});
