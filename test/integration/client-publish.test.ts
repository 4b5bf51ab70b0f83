// `enks upload` and the client library against the publish API of this server: they agree about every field.

import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { signCertificate } from "../../src/cli/upload/sign-certificate.ts";
import { createUploader } from "../../src/client/client.ts";
import { DEFAULT_ONSET_OPTIONS } from "../../src/core/symptom-onset.ts";
import { DEFAULT_UPLOAD_LIMITS } from "../../src/core/validate-upload.ts";
import { createExposuresFeature, exposuresMigrations } from "../../src/features/exposures/feature.ts";
import { createApp } from "../../src/features/publish/apps/manage-apps.ts";
import { createPublishFeature, publishMigrations } from "../../src/features/publish/feature.ts";
import { createRevisionFeature, revisionMigrations } from "../../src/features/revision/feature.ts";
import { DEFAULT_REVISION_SETTINGS } from "../../src/features/revision/revision-types.ts";
import { createStatsFeature, statsMigrations } from "../../src/features/stats/feature.ts";
import { createVerificationFeature, verificationMigrations } from "../../src/features/verification/feature.ts";
import type { PublicRoute } from "../../src/platform/http/public-route.ts";
import { createMemoryEncryptionKeys } from "../../src/platform/keys/memory-encryption-keys.ts";
import { reportNothing } from "../../src/platform/observe/report.ts";
import { cryptoRandom } from "../../src/platform/random/crypto-random.ts";
import { createVirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { describeOnEachDatabase, type OpenDatabase } from "../support/databases.ts";
import { storedKeys } from "../support/exposure-world.ts";
import { callEnks } from "../support/fake-terminal.ts";
import { authoritySettings } from "../support/verification-world.ts";

const NOW = 1_795_514_400 + 4_321;
const folder = mkdtempSync(join(tmpdir(), "enks-publish-"));
const pemFile = join(folder, "authority.pem");
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
beforeAll(() => writeFileSync(pemFile, privateKey.export({ type: "pkcs8", format: "pem" })));
afterAll(() => rmSync(folder, { recursive: true }));

const SIGNING = [
  "--signing-key",
  pemFile,
  "--kid",
  "v1",
  "--issuer",
  "iss",
  "--audience",
  "exposure-notifications-server",
];

/** The publish API with one app, one authority and no listener: a fetch that asks the route itself. */
async function openPublish(open: OpenDatabase) {
  const migrations = [exposuresMigrations, verificationMigrations, revisionMigrations, statsMigrations];
  const database = await open([...migrations, publishMigrations]);
  const clock = createVirtualClock(NOW);
  const parts = { database, clock, random: cryptoRandom, report: reportNothing, archiveTools: nodeArchiveTools };
  const verification = createVerificationFeature({ ...parts, fetcher: () => Promise.reject(new Error("no network")) });
  const { id } = await verification.createAuthority(authoritySettings("authority", "iss"));
  const publicKeyPem = publicKey.export({ type: "spki", format: "pem" });
  await verification.addAuthorityKey("authority", { version: "v1", publicKeyPem, from: NOW - 10, until: null });
  const rights = { authorityIds: [id], bypassCertificate: false, bypassRevisionToken: false };
  await createApp(database, { name: "probe", regions: ["XX"], ...rights });
  const { publicRoutes } = createPublishFeature({
    ...parts,
    exposures: createExposuresFeature({ ...parts, settings: { truncateWindowSeconds: 3_600 } }),
    verification,
    revision: createRevisionFeature({
      ...parts,
      encryptionKeys: createMemoryEncryptionKeys(),
      findSupplierId: () => Promise.reject(new Error("no source")),
      settings: { ...DEFAULT_REVISION_SETTINGS, authenticated: new Uint8Array(3) },
    }),
    stats: createStatsFeature({ ...parts, settings: { uploadMinimum: 10, embargoSeconds: 0, keptSeconds: 86_400 } }),
    readMergedSuppliers: async () => new Map(),
    milliseconds: () => performance.now(),
    wait: () => Promise.resolve(),
    settings: {
      limits: DEFAULT_UPLOAD_LIMITS,
      onset: DEFAULT_ONSET_OPTIONS,
      paddingMinBytes: 1_024,
      paddingRangeBytes: 1_024,
      statsAudience: "stats",
      isInMaintenance: false,
      requestsPerMinute: 0,
      chaffMaxLatencyMilliseconds: 0,
    },
  });
  return { database, clock, fetch: fetchFrom(publicRoutes) };
}

function fetchFrom(routes: readonly PublicRoute[]): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const route = routes.find(({ path }) => path === new URL(request.url).pathname);
    if (route === undefined) return new Response(null, { status: 404 });
    const headers: IncomingHttpHeaders = Object.fromEntries(request.headers);
    const body = new Uint8Array(await request.arrayBuffer());
    const { method } = request;
    const answer = await route.answer({ method, headers, body, clientAddress: "192.0.2.1", now: NOW });
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  };
}

describeOnEachDatabase("this server", (open) => {
  test("takes the test uploads of `enks upload`, their revisions and chaff", async () => {
    const { database, clock, fetch } = await openPublish(open);
    const words = ["upload", "--to", "https://keys.example.org", "--app", "Probe", "--count", "4", "--keys", "30"];
    const called = await callEnks([...words, "--revise", "--chaff", "50%", ...SIGNING], { clock, fetch });
    expect(called).toMatchObject({ code: 0, err: "" });
    expect(called.out).toMatch(/upload +2 +2 +0 .*\n.*revision +2 +2 +0 .*\n.*chaff +2 +2 +0 /);
    const stored = await storedKeys(database);
    expect(stored).toHaveLength(60);
    expect(new Set(stored.map(({ reportType }) => reportType))).toEqual(new Set([1]));
  });

  test("takes the identical request again, with a token, and stores it once", async () => {
    const { database, uploader, keys } = await openUploader(open);
    const signer = { privateKey, kid: "v1", issuer: "iss", audience: "exposure-notifications-server" };
    const certify = async (hmac: string) => signCertificate(signer, { hmac, reportType: "likely", now: NOW });
    const prepared = await uploader.prepare({ keys, credential: { certify } });
    const token = expect.stringMatching(/./) as string;
    expect(await uploader.send(prepared)).toMatchObject({ outcome: "stored", inserted: 1, revisionToken: token });
    expect(await uploader.send(prepared)).toMatchObject({ outcome: "stored", inserted: 0, revisionToken: token });
    expect(await storedKeys(database)).toHaveLength(1);
  });

  test("refuses an upload without a certificate, under its code", async () => {
    const { database, uploader, keys } = await openUploader(open);
    expect(await uploader.send(await uploader.prepare({ keys, credential: null }))).toMatchObject({
      outcome: "refused",
      status: 401,
      code: "health_authority_verification_certificate_invalid",
    });
    expect(await storedKeys(database)).toEqual([]);
  });
});

async function openUploader(open: OpenDatabase) {
  const { database, fetch } = await openPublish(open);
  const uploader = createUploader({ url: "https://keys.example.org/v1/publish", healthAuthorityId: "probe", fetch });
  const keys = [{ keyData: cryptoRandom.bytes(16), rollingStart: 2_992_176, rollingPeriod: 144 }];
  return { database, uploader, keys };
}
