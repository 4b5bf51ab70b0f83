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
      dataFolder: ".enks",
      database: { kind: "embedded", folder: ".enks/database" },
      blobs: { kind: "filesystem", folder: ".enks/objects" },
      signingKeys: { kind: "filesystem", folder: ".enks/signing-keys" },
      publicListener: { host: "127.0.0.1", port: 8_080 },
      truncateWindowSeconds: 3_600,
      minWindowAgeSeconds: 7_200,
      exportFileMinRecords: 1_000,
      exportFilePaddingRange: 100,
      exportFileMaxRecords: 500_000,
      cleanupTtlSeconds: 1_209_600,
      logLevel: "warn",
    });
  });

  test("folders follow the data folder unless they are named", () => {
    const config = parseConfig({ dataFolder: "/srv/enks", blobs: { kind: "filesystem", folder: "/srv/www" } });
    expect(config.database).toEqual({ kind: "embedded", folder: "/srv/enks/database" });
    expect(config.blobs).toEqual({ kind: "filesystem", folder: "/srv/www" });
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

describe("refusals name the path", () => {
  test.each([
    [{ colour: "blue" }, "colour is not a known setting"],
    [{ publicListener: { hots: "x" } }, "publicListener.hots is not a known setting"],
    [{ publicListener: { port: 70_000 } }, "publicListener.port must be <= 65535"],
    [{ publicListener: { port: "80" } }, "publicListener.port must be integer"],
    [{ exportFileMinRecords: 1.5 }, "exportFileMinRecords must be integer"],
    [{ cleanupTtlSeconds: 3_600 }, "cleanupTtlSeconds must be >= 864000"],
    [{ logLevel: "loud" }, "logLevel"],
    [{ database: { kind: "oracle" } }, "database.kind must be one of embedded, postgres"],
    [{ database: { kind: "constructor" } }, "database.kind must be one of embedded, postgres"],
    [{ database: {} }, "database.kind must be one of embedded, postgres"],
    [{ database: { kind: "postgres" } }, "database must have required properties url"],
    [{ database: { kind: "postgres", url: "mysql://x" } }, "database.url must match"],
    [{ blobs: { kind: "memory", folder: "x" } }, "blobs.folder is not a known setting"],
    [{ signingKeys: { kind: "filesystem", folder: "" } }, "signingKeys.folder must not have fewer than 1"],
    [{ exportFileMaxRecords: 1_000 }, "exportFileMaxRecords is smaller"],
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
        return codeOf(error) === "config_invalid";
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
