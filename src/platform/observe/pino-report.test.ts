// Log lines: their form, their levels, and what never gets into them.

import { randomBytes } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../time/virtual-clock.ts";
import { createReport, type LogLevel } from "./pino-report.ts";
import { redactSecrets } from "./redact-secrets.ts";

function setUp(level: LogLevel = "info") {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const report = createReport({ level, destination, clock: createVirtualClock(1_606_000_000) });
  return { lines, report };
}

describe("createReport", () => {
  test("writes one JSON object a line, with level, time, event and fields", () => {
    const { lines, report } = setUp();
    report({
      event: "import.archive-completed",
      source: 3,
      region: "CH",
      complete: true,
      error: null,
      none: undefined,
    });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? "")).toEqual({
      level: "info",
      time: "2020-11-21T23:06:40Z",
      event: "import.archive-completed",
      source: 3,
      region: "CH",
      complete: true,
      error: null,
    });
  });

  test("drops what is below the level", () => {
    const { lines, report } = setUp("warn");
    report({ event: "a.info" });
    report({ event: "a.warning", level: "warn" });
    report({ event: "an.error", level: "error" });
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(["a.warning", "an.error"]);
  });

  test("a field cannot forge a line, the time or the level", () => {
    const { lines, report } = setUp();
    report({ event: "a.b", time: "1970", text: 'x"}\n{"level":"error"' });
    const [line = ""] = lines;
    expect(line.trimEnd()).not.toContain("\n");
    expect(line.match(/"time"/g)).toHaveLength(1);
    expect(JSON.parse(line)).toMatchObject({ level: "info", text: 'x"}\n{"level":"error"' });
  });

  test("key material in a field is redacted", () => {
    const { lines, report } = setUp();
    report({ event: "a.b", oops: randomBytes(16).toString("hex"), message: "cannot parse AbCdEfGhIjKlMnOpQrStUv==!" });
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ oops: "[redacted]", message: "cannot parse [redacted]!" });
  });
});

describe("redactSecrets", () => {
  test("replaces hex of 16 bytes and more, wherever it stands", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 64 }), (bytes) => {
        const hex = Buffer.from(bytes).toString("hex");
        expect(redactSecrets(`a ${hex}!`)).toBe("a [redacted]!");
        expect(redactSecrets(hex.toUpperCase())).toBe("[redacted]");
      }),
    );
  });

  test("replaces base64 and base64url of random keys, with and without padding", () => {
    for (let round = 0; round < 20; round++) {
      // 32 bytes: that one case is missing happens once in a billion.
      const secret = randomBytes(32);
      for (const form of ["base64", "base64url"] as const) {
        expect(redactSecrets(`key=${secret.toString(form)};`)).toBe("key=[redacted];");
      }
    }
    expect(redactSecrets("3q2+7wABAgMEBQYHCAkKCw==")).toBe("[redacted]");
  });

  test("replaces private keys in PEM", () => {
    const pem = `-----BEGIN PRIVATE KEY-----\n${randomBytes(48).toString("base64")}\n-----END PRIVATE KEY-----`;
    expect(redactSecrets(pem)).toContain("[redacted]");
    expect(redactSecrets(pem)).not.toMatch(/[A-Za-z0-9+/]{30}/);
  });

  test("replaces values of types that no event should carry", () => {
    for (const value of [Buffer.from("secret"), new Uint8Array(16), { nested: 1 }, [1], 1n, Symbol("x"), undefined]) {
      expect(redactSecrets(value)).toBe("[redacted]");
    }
  });

  test("leaves ordinary text, names, numbers and times alone", () => {
    const texts = [
      "1606000000-1606003600-00001.zip",
      "https://keys.example.org/state-client/index.txt",
      "archive_inflated_too_large",
      "2020-11-21T23:06:40Z",
      "123e4567-e89b-12d3-a456-426614174000",
    ];
    for (const value of [...texts, 0, -1.5, true, null]) expect(redactSecrets(value)).toBe(value);
  });
});
