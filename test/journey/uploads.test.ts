// Uploads to a server of its own, by nothing but HTTP and Node's cryptography; what it acknowledged reaches its archives.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { openArchive } from "../../src/archive/open-archive.ts";
import { parsePublicKey } from "../../src/archive/parse-public-key.ts";
import { makeAuthority, makeRequest, type SentRequest } from "../support/certificates.ts";
import { PATIENCE } from "../support/patience.ts";
import { initFolder, type ServeProcess, startServe } from "../support/serve-process.ts";
import { sized } from "../support/test-size.ts";

const folder = mkdtempSync(join(tmpdir(), "enks-uploads-"));
const authority = makeAuthority();
const APP = "org.example.uploads";
const VARIABLES = {
  ENKS_ALLOW_GENERATED_KEYS: "true",
  ENKS_UPLOADS_PER_MINUTE: "0",
  TRUNCATE_WINDOW: "5s",
  MIN_WINDOW_AGE: "0s",
  ENKS_JOB_PERIODS: "export=2s,publish-index=2s",
};

interface Running {
  readonly process: ServeProcess;
  readonly publicUrl: string;
  readonly adminUrl: string;
}

let token = "";
let server: Running;

async function start(): Promise<Running> {
  const process = startServe(folder, VARIABLES);
  const { publicUrl, adminUrl } = await process.started();
  return { process, publicUrl, adminUrl };
}

async function ask(path: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await fetch(server.adminUrl + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${text}`);
  return JSON.parse(text);
}

/** Keys of the days before today, so that they are released at once. */
function newRequest(): SentRequest {
  const today = Math.floor(Date.now() / 86_400_000) * 144;
  return makeRequest(14, today);
}

function post(request: SentRequest, changes: object = {}, headers: Record<string, string> = {}): Promise<Response> {
  const now = Math.floor(Date.now() / 1_000);
  const body = {
    temporaryExposureKeys: request.keys,
    healthAuthorityID: APP,
    verificationPayload: authority.certify(request, now),
    hmacKey: Buffer.from(request.hmacKey).toString("base64"),
    padding: "x".repeat(1_000),
    ...changes,
  };
  return fetch(`${server.publicUrl}/v1/publish`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

function namesOf({ keys }: SentRequest): string[] {
  return keys.map(({ key }) => Buffer.from(key, "base64").toString("hex"));
}

/** Every primary key of every listed archive, as often as it is there. */
async function published(): Promise<string[]> {
  const { publicKeyPem } = await ask("/v1/signing-keys/seal");
  const publicKey = parsePublicKey(String(publicKeyPem), nodeArchiveTools);
  const trustedKeys = [{ keyId: "310", keyVersion: "v1", publicKey, from: 0, until: null }];
  const index = await fetch(`${server.publicUrl}/main/index.txt`);
  const lines = index.ok ? (await index.text()).split("\n") : [];
  const names: string[] = [];
  for (const line of lines) {
    const bytes = new Uint8Array(await (await fetch(`${server.publicUrl}/main/${line}`)).arrayBuffer());
    const archive = await openArchive(bytes, { trustedKeys, now: 0 }, nodeArchiveTools);
    for (let at = 0; at < archive.primaries.length; at++) names.push(archive.primaries.keyHex(at));
  }
  return names;
}

describe("a running server", () => {
  beforeAll(async () => {
    token = await initFolder(folder, [], VARIABLES);
    server = await start();
    await ask("/v1/authorities", { name: "health", iss: authority.iss, aud: authority.aud });
    const key = { version: authority.kid, publicKeyPem: authority.publicKeyPem };
    await ask("/v1/authorities/health/keys", key);
    await ask("/v1/apps", { name: APP, regions: ["XX"], authorities: ["health"] });
    await ask("/v1/signing-keys", { name: "seal" });
    const seal = { signingKey: "seal", keyId: "310", keyVersion: "v1" };
    await ask("/v1/locations", { name: "main", seal });
    const records = { minRecords: 0, paddingRange: 0 };
    await ask("/v1/exports", { name: "main", location: "main", region: "XX", periodSeconds: 10, ...records });
  });

  afterAll(async () => {
    server.process.signal("SIGTERM");
    await server.process.ended();
    rmSync(folder, { recursive: true, force: true });
  });

  test("answers an upload, its repetition and its revision as the reference server's users expect", async () => {
    const request = newRequest();
    const likely = authority.certify(request, Math.floor(Date.now() / 1_000), { reportType: "likely" });
    const first = await post(request, { verificationPayload: likely });
    const { revisionToken, ...stored }: Record<string, unknown> = JSON.parse(await first.text());
    expect([first.status, stored]).toMatchObject([200, { insertedExposures: 14, padding: expect.any(String) }]);
    expect(first.headers.get("content-type")).toBe("application/json");

    const again = await post(request, { verificationPayload: likely });
    expect([again.status, await again.json()]).toMatchObject([200, { revisionToken: expect.any(String) }]);

    const confirmed = authority.certify(request, Math.floor(Date.now() / 1_000), { reportType: "confirmed" });
    const without = await post(request, { verificationPayload: confirmed });
    expect([without.status, await without.json()]).toMatchObject([400, { code: "missing_revision_token" }]);
    const revised = await post(request, { verificationPayload: confirmed, revisionToken });
    expect(revised.status).toBe(200);
  });

  test("refuses what is no upload, each with its code and status", async () => {
    const request = newRequest();
    const expected: [object, number, string][] = [
      [{ healthAuthorityID: "unknown" }, 401, "unknown_health_authority_id"],
      [{ verificationPayload: "a.b.c" }, 401, "health_authority_verification_certificate_invalid"],
      [{ hmacKey: "AAAA" }, 401, "health_authority_verification_certificate_invalid"],
      [{ temporaryExposureKeys: [] }, 401, "health_authority_verification_certificate_invalid"],
      [{ unknownMember: 1 }, 400, "bad_request"],
      [{ traveler: "yes" }, 400, "bad_request"],
    ];
    for (const [changes, status, code] of expected) {
      const answer = await post(request, changes);
      expect([answer.status, await answer.json()], JSON.stringify(changes)).toMatchObject([status, { code }]);
    }
    const chaff = await post(request, {}, { "x-chaff": "1" });
    expect([chaff.status, chaff.headers.get("content-type")]).toEqual([200, "application/json"]);
    expect((await fetch(`${server.publicUrl}/v1/publish`)).status).toBe(405);
  });

  test("loses no acknowledged upload and stores none by halves, killed again and again", async () => {
    const acknowledged: SentRequest[] = [];
    const all: SentRequest[] = [];
    for (const acknowledgedBeforeDeath of sized([20, 7], [20, 7, 40])) {
      const target = acknowledged.length + acknowledgedBeforeDeath;
      const sending = Array.from({ length: 8 }, async () => {
        for (;;) {
          const request = newRequest();
          all.push(request);
          const answer = await post(request).catch(() => null);
          if (answer === null) return;
          if (answer.status === 200) acknowledged.push(request);
          // In the middle of what the others have sent.
          if (acknowledged.length >= target) server.process.signal("SIGKILL");
        }
      });
      await Promise.all(sending);
      await server.process.ended();
      server = await start();
    }

    const names = await vi.waitFor(async () => {
      const found = await published();
      expect(acknowledged.flatMap(namesOf).filter((name) => !found.includes(name))).toEqual([]);
      return new Set(found);
    }, PATIENCE);
    const counts = new Set(all.map((request) => namesOf(request).filter((name) => names.has(name)).length));
    expect([...counts].every((count) => count === 0 || count === 14)).toBe(true);
    expect((await published()).length).toBe(names.size);
  });
});
