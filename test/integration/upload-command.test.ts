// `enks upload` against a key server and a verification server that judge by code of their own.

import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createVirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { callEnks } from "../support/fake-terminal.ts";
import { startUploadServer, type UploadServer } from "../support/upload-server.ts";

/** Not at the beginning of a day, as few instants are. */
const NOW = 1_795_514_400 + 4_321;
const DAY = 86_400;

const folder = mkdtempSync(join(tmpdir(), "enks-upload-"));
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const pemFile = join(folder, "authority.pem");
const secretFile = join(folder, "api-key");

let server: UploadServer;
beforeAll(() => {
  writeFileSync(pemFile, privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(secretFile, "secret\n");
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(async () => {
  server = await startUploadServer(NOW, [publicKey.export({ type: "spki", format: "pem" })]);
  return () => server.close();
});

const signing = () => {
  const { iss, aud, kid } = server.authority;
  return ["--signing-key", pemFile, "--issuer", iss, "--audience", aud, "--kid", kid];
};

function upload(words: readonly string[], circumstances: Parameters<typeof callEnks>[1] = {}) {
  const all = ["upload", "--to", server.url, "--app", "test", ...words];
  return callEnks(all, { clock: createVirtualClock(NOW), ...circumstances });
}

interface Line {
  readonly kind: string;
  readonly isGood: boolean;
  readonly code: string | null;
  readonly milliseconds: number | null;
  readonly summary?: readonly Record<string, unknown>[];
}

const linesOf = (out: string) =>
  out
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Line);

describe("enks upload", () => {
  test("sends uploads that a key server takes, with certificates of its own", async () => {
    const { code, out, err } = await upload(["--count", "3", ...signing()]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/upload +3 +3 +0 +[\d.]+ +[\d.]+\n$/);
    expect(server.uploads.map(({ faults }) => faults)).toEqual([[], [], []]);
    expect(server.stored.size).toBe(42);
  });

  test("sends keys of whole days that are over, none older than two weeks, three of a day at most", async () => {
    await upload(["--count", "1", "--keys", "30", ...signing()]);
    const keys = server.uploads[0]?.content["temporaryExposureKeys"] as readonly Record<string, number>[];
    const starts = keys.map(({ rollingStartNumber = 0 }) => rollingStartNumber * 600);
    expect(keys.every(({ rollingPeriod }) => rollingPeriod === 144)).toBe(true);
    for (const start of starts) {
      expect(start % DAY).toBe(0);
      expect(start + DAY).toBeLessThanOrEqual(NOW);
      expect(start).toBeGreaterThan(NOW - 15 * DAY);
      expect(starts.filter((other) => other === start).length).toBeLessThanOrEqual(3);
    }
    expect(starts).toHaveLength(30);
  });

  test("gets certificates from a verification server", async () => {
    const asked = [
      "--certificate-url",
      server.certificateUrl,
      "--certificate-token",
      "t1",
      "--api-key-file",
      secretFile,
    ];
    expect(await upload(["--count", "2", ...asked])).toMatchObject({ code: 0 });
    expect(server.certificateRequests).toHaveLength(2);
    for (const { headers, content } of server.certificateRequests) {
      expect(headers["x-api-key"]).toBe("secret");
      expect(content).toMatchObject({ token: "t1" });
    }
  });

  test("revises what it uploaded", async () => {
    const { code, out } = await upload(["--count", "2", "--revise", "--json", ...signing()]);
    expect(code).toBe(0);
    expect(linesOf(out).map(({ kind }) => kind)).toEqual(["upload", "revision", "upload", "revision", undefined]);
    expect(server.uploads.map(({ claims }) => claims?.["reportType"])).toEqual([
      "likely",
      "confirmed",
      "likely",
      "confirmed",
    ]);
    expect(new Set(server.stored.values())).toEqual(new Set(["confirmed"]));
  });

  test("mixes in chaff, as large a share as asked for", async () => {
    const { code, out } = await upload(["--count", "8", "--chaff", "25%", "--json", ...signing()]);
    expect(code).toBe(0);
    expect([server.uploads.length, server.chaff.length]).toEqual([6, 2]);
    expect(linesOf(out).at(-1)?.summary).toMatchObject([
      { kind: "upload", requests: 6, good: 6, failed: 0 },
      { kind: "chaff", requests: 2, good: 2, failed: 0 },
    ]);
  });

  test("begins again as often and as long as asked for", async () => {
    const clock = createVirtualClock(NOW);
    const beginnings: number[] = [];
    const meanwhile = () => {
      // Each pause takes a little longer than it should.
      beginnings.push(server.uploads.length);
      clock.set(NOW + 30 * beginnings.length + 5);
    };
    const words = ["--count", "2", "--every", "30s", "--for", "2m", ...signing()];
    expect(await upload(words, { clock, meanwhile })).toMatchObject({ code: 0 });
    expect(beginnings).toEqual([2, 4, 6]);
    expect(server.uploads).toHaveLength(8);
  });

  test("goes on until it is interrupted, and then says what became of it all", async () => {
    const words = ["--count", "1", "--every", "30s", ...signing()];
    const { code, out } = await upload(words, { interruptAt: 3 });
    expect(code).toBe(0);
    expect(out).toMatch(/upload +3 +3 +0 /);
  });

  test("ends with 1 when one upload of many fails, and says when and why", async () => {
    server.misbehave({}, { status: 503, body: '{"code":"internal_error","error":"no \\u001b[2J database"}' });
    const { code, out, err } = await upload(["--count", "3", ...signing()]);
    expect(code).toBe(1);
    expect(err).toBe("2026-11-24T11:12:01Z upload try_again: 503 internal_error no \\u001b[2J database\n");
    expect(out).toMatch(/upload +3 +2 +1 /);
  });

  test.each([
    ["is lost", { isLost: true }, "fetch_failed"],
    ["is refused in part", { body: '{"code":"partial_failure","insertedExposures":13}' }, "partial_failure"],
    ["stores fewer keys than were sent", { body: '{"insertedExposures":13,"warnings":["key 3"]}' }, null],
  ] as const)("counts an upload as failed that %s", async (_, misbehaviour, expected) => {
    server.misbehave(misbehaviour);
    const { code, out } = await upload(["--count", "1", "--json", ...signing()]);
    expect(code).toBe(1);
    expect(linesOf(out)[0]).toMatchObject({ kind: "upload", isGood: false, code: expected });
  });

  test("counts a revision as failed for which there is no token, and chaff that is not answered", async () => {
    server.misbehave({ body: '{"insertedExposures":14}' }, { status: 404 });
    const words = ["--count", "2", "--chaff", "50%", "--revise", "--json", ...signing()];
    const { code, out } = await upload(words);
    expect(code).toBe(1);
    expect(linesOf(out).slice(0, -1)).toMatchObject([
      { kind: "upload", isGood: true },
      { kind: "revision", isGood: false, milliseconds: null },
      { kind: "chaff", isGood: false },
    ]);
  });

  test("counts an upload as failed for which there is no certificate, and goes on", async () => {
    server.misbehave({ status: 500 });
    const { code, out } = await upload(["--count", "2", "--json", "--certificate-url", server.certificateUrl]);
    expect(code).toBe(1);
    expect(linesOf(out).slice(0, -1)).toMatchObject([
      { isGood: false, code: "certificate_unavailable", milliseconds: null },
      { isGood: true },
    ]);
  });

  test.each([
    ["no certificates", []],
    ["two ways to certificates", ["--without-certificate", "--certificate-url", "http://127.0.0.1/"]],
    ["a private key without its names", ["--signing-key", pemFile]],
    ["a token without a verification server", ["--without-certificate", "--certificate-token", "t"]],
    ["a revision that nobody can certify", ["--without-certificate", "--revise"]],
    ["31 keys", ["--without-certificate", "--keys", "31"]],
    ["no keys", ["--without-certificate", "--keys", "0"]],
    ["more chaff than all", ["--without-certificate", "--chaff", "101%"]],
    ["a URL that is none", ["--without-certificate", "--to", "keys.example.org"]],
    ["a revision of what is confirmed", ["--revise", "--report-type", "confirmed", "--signing-key", pemFile]],
  ])("is misused with %s", async (_, words) => {
    expect(await upload(words)).toMatchObject({ code: 2, out: "" });
    expect(server.uploads).toEqual([]);
  });
});
