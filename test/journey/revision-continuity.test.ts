// A person uploads at the state, the state is switched off for good, and the person revises at the nation.
//
// What counts as failure: the state's token is worth nothing at the nation, or is worth something in the hands of others.

import { expect, test } from "vitest";
import type { TrustedKey } from "../../src/archive/archive-types.ts";
import { createFollower, createUploader } from "../../src/client/client.ts";
import type { UploadKey } from "../../src/client/client-types.ts";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { INTERVALS_PER_DAY } from "../../src/core/intervals.ts";
import type { ReportTypeName } from "../../src/core/report-type.ts";
import { cryptoRandom } from "../../src/platform/random/crypto-random.ts";
import {
  createNationalExport,
  createSecondLocation,
  createSource,
  exportOf,
} from "../../src/simulation/demo/set-up-migration.ts";
import { openWorld, type World } from "../../src/simulation/demo/world.ts";
import { openUploadSite, type UploadSite } from "../../src/simulation/people/upload-site.ts";
import { startVerificationServer } from "../../src/simulation/people/verification-server.ts";
import { startAdminWorld } from "../support/admin-world.ts";

const START = 1_793_577_600;
const REGION = "XX";
const AS_UPLOADED = "as uploaded";
const NO_PADDING = { minRecords: 0, paddingRange: 0 };

interface Servers extends AsyncDisposable {
  readonly world: World;
  readonly state: UploadSite;
  readonly nation: UploadSite;
  readonly nationalSeal: TrustedKey;
}

/** The nation imports what the state exports, and takes certificates of the state's health authority as well. */
async function openServers(): Promise<Servers> {
  await using opened = new AsyncDisposableStack();
  const world = opened.use(await openWorld({ seed: 1, startsAt: START, switchedOff: null, onEvent: () => undefined }));
  const { clock, random } = world;
  const verification = opened.use(
    await startVerificationServer({
      issuer: "health.state",
      clock,
      random,
      rotatesAt: START + 9 * DAY,
      jwksForm: "list",
    }),
  );
  const seal = await createSecondLocation(world, START);
  await world.state.exports.create(exportOf("second", "state-second", REGION, START, NO_PADDING));
  const nationalSeal = await createNationalExport(world, START, { ...NO_PADDING, regions: [REGION] });
  await createSource(world, REGION, `${world.state.publicUrl}/state-second`, seal, START);
  const state = await openUploadSite(world.state, world.state.publicUrl, verification, REGION);
  const nation = await openUploadSite(world.nation, world.nation.publicUrl, verification, REGION);
  await world.runner.runUntil(START + 12 * HOUR);
  const stack = opened.move();
  return { world, state, nation, nationalSeal, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

function makeKeys(): UploadKey[] {
  const today = (START / DAY) * INTERVALS_PER_DAY;
  return [1, 2, 3].map((daysAgo) => ({
    keyData: cryptoRandom.bytes(16),
    rollingStart: today - daysAgo * INTERVALS_PER_DAY,
    rollingPeriod: INTERVALS_PER_DAY,
  }));
}

type Upload = [site: UploadSite, keys: readonly UploadKey[], reportType: ReportTypeName, token?: string];

async function upload(...given: Upload) {
  const answer = await send(...given);
  if (answer.outcome !== "stored") throw new Error(`the upload was not taken: ${JSON.stringify(answer)}`);
  return { inserted: answer.inserted, token: answer.revisionToken ?? "" };
}

/** The code with which the upload is refused. */
async function refusalOf(...given: Upload): Promise<string | null> {
  const answer = await send(...given);
  return answer.outcome === "refused" ? answer.code : `not refused: ${answer.outcome}`;
}

async function send(...[site, keys, reportType, token]: Upload) {
  const uploader = createUploader({ url: site.publishUrl, healthAuthorityId: site.app });
  const { certificateUrl: url } = site.verification;
  const verificationServer = { url, token: site.verification.diagnose({ reportType, onsetInterval: null }) };
  const revising = token === undefined ? {} : { revisionToken: token };
  return uploader.send(await uploader.prepare({ keys, credential: { verificationServer }, ...revising }));
}

/** Through both servers' admin APIs, as two administrators do. Answers how many were taken over. */
async function handOverTokenKeys({ state, nation, clock }: World): Promise<number> {
  await using admins = new AsyncDisposableStack();
  const administratorOf = async ({ database, revision }: World["state"]) => {
    const admin = await startAdminWorld({ database, clock, routes: revision.routes });
    admins.defer(() => admin.close());
    return admin.administrator;
  };
  const [giver, receiver] = [await administratorOf(state), await administratorOf(nation)];
  const recipient = await receiver.post<{ publicKey: string }>("/v1/token-keys/recipients", {});
  const given = await giver.post<{ transfer: string; count: number }>("/v1/token-keys/transfers", recipient.body);
  const { transfer, count } = given.body;
  const taken = await receiver.post<{ count: number }>("/v1/token-keys/imports", { transfer, source: "state" });
  expect([recipient.status, given.status, taken.status]).toEqual([201, 200, 200]);
  expect(taken.body).toEqual({ count });
  return count;
}

/** What is left of the state is what the nation has imported. */
async function switchOff({ runner, state }: World): Promise<void> {
  for (const owner of ["state", "world"]) runner.remove(owner);
  await state.close();
}

/** What the nation exports of each key in the end: the report type of its revision, or that there is none. */
async function exported({ world, nationalSeal }: Servers, keys: readonly UploadKey[]): Promise<unknown[]> {
  const baseUrl = `${world.nation.publicUrl}/national`;
  const { keyId, keyVersion, publicKey } = nationalSeal;
  const publicKeys = [{ keyId, keyVersion, publicKeyPem: publicKey.pem }];
  const seen = new Map<string, unknown>();
  for await (const followed of createFollower({ indexUrl: `${baseUrl}/index.txt`, baseUrl, publicKeys }).follow()) {
    if (followed.outcome !== "archive") throw new Error(`${followed.line} is refused: ${followed.code}`);
    for (const { keyData } of followed.archive.primaries) seen.set(keyData.toHex(), AS_UPLOADED);
    for (const { keyData, reportType } of followed.archive.revised) seen.set(keyData.toHex(), reportType);
  }
  return keys.map(({ keyData }) => seen.get(keyData.toHex()) ?? "missing");
}

/** Three of one person, and three of another. */
function sixOf(first: unknown, second: unknown): unknown[] {
  return [first, first, first, second, second, second];
}

test("a person revises at the nation with the state's token, and nobody else does", async () => {
  await using servers = await openServers();
  const { world, state, nation } = servers;
  const later = (seconds: number) => world.runner.runUntil(world.clock.now() + seconds);
  const [keys, strangersKeys] = [makeKeys(), makeKeys()];
  const { token } = await upload(state, keys, "likely");
  const { token: strangersToken } = await upload(state, strangersKeys, "likely");
  await later(DAY);
  expect(await exported(servers, [...keys, ...strangersKeys])).toEqual(sixOf(AS_UPLOADED, AS_UPLOADED));

  // Without the hand-over a token of the state says nothing here.
  expect(await refusalOf(nation, keys, "confirmed", token)).toBe("invalid_revision_token");
  expect(await handOverTokenKeys(world)).toBe(1);
  await switchOff(world);
  await later(HOUR);
  // Keys are public once they are exported. None of this may withdraw the person's.
  expect(await refusalOf(nation, keys, "negative", strangersToken)).toBe("invalid_revision_token");
  expect(await refusalOf(nation, keys, "negative")).toBe("missing_revision_token");
  await later(DAY);
  expect(await exported(servers, [...keys, ...strangersKeys])).toEqual(sixOf(AS_UPLOADED, AS_UPLOADED));

  const revised = await upload(nation, keys, "confirmed", token);
  expect(revised).toEqual({ inserted: 0, token: expect.stringMatching(/./) as string });
  await later(DAY);
  expect(await exported(servers, [...keys, ...strangersKeys])).toEqual(sixOf(ReportType.confirmed, AS_UPLOADED));
});

test("a person withdraws at the nation what was uploaded at the state", async () => {
  await using servers = await openServers();
  const { world, state, nation } = servers;
  const later = (seconds: number) => world.runner.runUntil(world.clock.now() + seconds);
  const [keys, others] = [makeKeys(), makeKeys()];
  const { token } = await upload(state, keys, "user-report");
  await upload(state, others, "user-report");
  await later(DAY);
  await handOverTokenKeys(world);
  await switchOff(world);
  await later(HOUR);
  await upload(nation, keys, "negative", token);
  await later(DAY);
  expect(await exported(servers, [...keys, ...others])).toEqual(sixOf(ReportType.revoked, AS_UPLOADED));
});
