// Nothing secret gets into a log, in whatever form a program prints it.

import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createVirtualClock } from "../time/virtual-clock.ts";
import { createReport } from "./pino-report.ts";
import { redactSecrets } from "./redact-secrets.ts";
import type { Report } from "./report.ts";
import { createTextReport } from "./text-report.ts";

const clock = createVirtualClock(1_606_000_000);

/** Everything that a log has of what `say` reports, in both forms. */
function logged(say: (report: Report) => void): string {
  const lines: string[] = [];
  const write = (line: string) => void lines.push(line);
  say(createReport({ level: "debug", clock, destination: { write } }));
  say(createTextReport({ level: "debug", clock, write }));
  return lines.join("\n");
}

const FORMS: Readonly<Record<string, (bytes: Buffer) => string>> = {
  hex: (bytes) => bytes.toString("hex"),
  HEX: (bytes) => bytes.toString("hex").toUpperCase(),
  base64url: (bytes) => bytes.toString("base64url"),
  base64: (bytes) => bytes.toString("base64"),
  "a printed Buffer": (bytes) => inspect(bytes),
  "a printed array": (bytes) => String([...bytes]),
  "an inspected array": (bytes) => inspect([...bytes], { breakLength: Infinity, maxArrayLength: null }),
  JSON: (bytes) => JSON.stringify(bytes),
  fingerprint: (bytes) => bytes.toHex().replace(/(..)(?!$)/g, "$1:"),
};

describe("key material in the message of an unexpected error", () => {
  test.each(Object.entries(FORMS))("as %s", (_, print) => {
    for (const length of [16, 32, 64]) {
      // No run of bytes that is text by itself.
      const bytes = randomBytes(length);
      const text = print(bytes);
      const error = new TypeError(`cannot read ${text} of undefined`);
      const log = logged((report) => report({ event: "job.failed", level: "error", why: String(error) }));
      expect(log).toContain("[redacted]");
      for (let at = 0; at + 12 <= text.length; at += 6) {
        const piece = text.slice(at, at + 12);
        if (/[a-f\d]{2}.*[a-f\d]{2}/i.test(piece) && !/Buffer|data|type/.test(piece)) expect(log).not.toContain(piece);
      }
    }
  });
});

describe("secrets of other kinds", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" });
  const claims = Buffer.from(JSON.stringify({ iss: "health", exp: 1_606_000_900, trisk: [] })).toString("base64url");
  const certificate = `eyJhbGciOiJFUzI1NiIsImtpZCI6InYxIn0.${claims}.${sign("sha256", randomBytes(9), privateKey).toString("base64url")}`;
  const token = `enks_${randomBytes(32).toString("base64url")}`;

  test.each([
    ["a private key", pem, pem.split("\n")[1] ?? ""],
    ["a public key", publicKey.export({ type: "spki", format: "pem" }), "MFkwEwYHKoZIzj0"],
    ["a diagnosis certificate", `certificate ${certificate} has expired`, claims],
    ["a token", `Authorization: Bearer ${token}`, token.slice(5)],
    ["a password", "connect postgres://enks:hunter2@db:5432/keys failed", "hunter2"],
    ["a password with signs", "connect postgres://enks:hun@ter2:x@db:5432/keys failed", "ter2"],
    ["an access token", "GET https://state.example.org/index.txt?token=hunter2&x=1 timed out", "hunter2"],
  ])("%s", (_, text, secret) => {
    expect(secret.length).toBeGreaterThan(3);
    const log = logged((report) => report({ event: "server.crashed", level: "error", why: text, other: text }));
    expect(log).not.toContain(secret);
    expect(log).toContain("[redacted]");
  });

  test("what is around them stays readable", () => {
    expect(redactSecrets("connect postgres://enks:hunter2@db:5432/keys failed")).toBe(
      "connect postgres://enks:[redacted]@db:5432/keys failed",
    );
    expect(redactSecrets("GET https://a.example/i.txt?x=1 took 3 s")).toBe(
      "GET https://a.example/i.txt?[redacted] took 3 s",
    );
  });
});

test("ordinary messages stay as they are", () => {
  for (const text of [
    "PostgreSQL cannot be reached: connect ECONNREFUSED 127.0.0.1:5432",
    "https://keys.example.org:8443/state-client/index.txt answered with 404",
    "the archive 1606000000-1606003600-00001.zip has 12, 13, 14 and 15 keys",
    "at 2020-11-21T23:06:40Z, between 10:00:00 and 11:00:00",
    "mail ops@example.org about port 80",
  ]) {
    expect(redactSecrets(text)).toBe(text);
  }
});

test("a field of text cannot forge a line of text, nor move the cursor", () => {
  const lines: string[] = [];
  const report = createTextReport({ level: "info", clock, write: (line) => void lines.push(line) });
  report({
    event: "a.b",
    level: "warn",
    text: "x\n10:00:00 error c.d",
    cursor: "\u001b[2J",
    name: "plain",
    none: null,
  });
  report({ event: "a.debug" });
  expect(lines).toEqual([
    '23:06:40 warn  a.b text="x\\n10:00:00 error c.d" cursor="\\u001b[2J" name=plain',
    "23:06:40 info  a.debug",
  ]);
});

test("whatever the text is, it takes no long time and leaves no key behind", () => {
  fc.assert(
    fc.property(fc.string(), fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.string(), (before, key, after) => {
      expect(redactSecrets(`${before} ${Buffer.from(key).toString("hex")} ${after}`)).not.toContain(
        Buffer.from(key).toString("hex"),
      );
    }),
  );
  for (const text of ["1,".repeat(100_000), "a:".repeat(100_000), "://".repeat(100_000), "ab ".repeat(100_000)]) {
    redactSecrets(text);
  }
});
