// Every answer of the public listener is one that its OpenAPI document has; and it has none that is never given.

import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { afterEach, expect, test } from "vitest";
import { describePublicApi } from "../../src/app/public-api/describe-public-api.ts";
import { documentRoute } from "../../src/app/public-api/document-route.ts";
import { HOUR } from "../../src/core/clock.ts";
import { CodedError } from "../../src/core/coded-error.ts";
import { publishRequestSchema, REFUSED_WITH } from "../../src/features/publish/wire-schemas.ts";
import { createMemoryBlobs } from "../../src/platform/blobs/memory-blobs.ts";
import { headersOf } from "../../src/platform/blobs/object-headers.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { type ObjectServer, startObjectServer } from "../../src/platform/http/object-server.ts";
import { reportNothing } from "../../src/platform/observe/report.ts";
import { type ClockTrust, RELIED_ON } from "../../src/platform/time/clock-trust.ts";
import type { SentRequest } from "../support/certificates.ts";
import { type ApiDocument, createAnswerCheck } from "../support/check-answer.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import {
  contentOf,
  keysOf,
  makePublishWorld,
  type ProcessChanges,
  type PublishWorld,
} from "../support/publish-world.ts";

const isRequest = addFormats.default(new Ajv2020()).compile(publishRequestSchema);
const JSON_TYPE = { "content-type": "application/json" };

const listeners: ObjectServer[] = [];
afterEach(async () => {
  for (const one of listeners.splice(0)) await one.close();
});

interface Asked {
  readonly status: number;
  readonly body: unknown;
}

interface Listening {
  readonly ask: (method: string, path: string, init?: Omit<RequestInit, "method">) => Promise<Asked>;
  /** Posts to the publish API, with a new certificate unless `members` has one. */
  readonly upload: (
    request: SentRequest,
    members?: object,
    claims?: Readonly<Record<string, unknown>>,
  ) => Promise<Asked>;
}

/** "publish 400 bad_request": what was answered so far. */
type Seen = Set<string>;

async function listen(
  world: PublishWorld,
  seen: Seen,
  changes: ProcessChanges = {},
  health: string[] = [],
): Promise<Listening> {
  const { publish } = world.anotherProcess(changes);
  const blobs = createMemoryBlobs();
  for (const name of ["state/index.txt", "state/1-2-00001.zip"])
    await blobs.put(name, Buffer.from("0123456789"), headersOf(name));
  const server = await startObjectServer({
    blobs,
    host: "127.0.0.1",
    port: 0,
    report: reportNothing,
    isPublic: () => true,
    health: async () => health,
    operations: { routes: [...publish.publicRoutes, documentRoute("1.2.3")], clock: world.clock },
  });
  listeners.push(server);
  const document = (await (await fetch(`${server.url}/v1/openapi.json`)).json()) as ApiDocument;
  expect(document).toEqual(describePublicApi("1.2.3"));
  const check = createAnswerCheck(document, {
    schema: "PublishRefusal",
    statuses: new Map([["bad_request", 405]]),
  });
  const ask: Listening["ask"] = async (method, path, init = {}) => {
    const response = await fetch(server.url + path, { method, ...init });
    const body = check(method, path, response, await response.text());
    const code = body !== null && typeof body === "object" && "code" in body ? body.code : "good";
    seen.add(`${path.replace("/v1/", "")} ${response.status} ${String(code)}`);
    return { status: response.status, body };
  };
  const upload: Listening["upload"] = async (request, members = {}, claims = {}) => {
    const verificationPayload = world.authority.certify(request, world.clock.now(), claims);
    const content = contentOf(request, { verificationPayload, ...members });
    const asked = await ask("POST", "/v1/publish", { headers: JSON_TYPE, body: JSON.stringify(content) });
    // What is taken is what the document asks for.
    if (asked.status === 200) expect(isRequest(content), JSON.stringify(isRequest.errors)).toBe(true);
    return asked;
  };
  return { ask, upload };
}

function statsToken({ authority, clock }: PublishWorld): string {
  const claims = { iss: authority.iss, aud: "keyserver", iat: clock.now(), exp: clock.now() + 60 };
  return `Bearer ${authority.signJwt(claims)}`;
}

const IN_DOUBT: ClockTrust = { ...RELIED_ON, doubt: "clock_ahead" };

const away = () => {
  throw new CodedError("database_unreachable", "the database is away");
};
const odd = () => {
  throw new Error("it was not foreseen");
};
const failing = (database: Database, fail: () => never): Database => ({
  ...database,
  db: new Proxy(database.db, { get: fail }),
  transaction: fail,
});

describeOnEachDatabase("the public API", (open) => {
  test("every answer to uploads and statistics is in its document, and every one of that is given", async () => {
    const world = await makePublishWorld(open);
    const seen: Seen = new Set();
    await askForEverythingGood(world, seen);
    await askForEveryRefusal(world, seen);
    const refused = Object.entries(REFUSED_WITH).flatMap(([code, statuses]) =>
      Object.entries(statuses).flatMap(([operation, all]) => all.map((status) => `${operation} ${status} ${code}`)),
    );
    const described = ["publish 200 good", "publish 200 partial_failure", "stats 200 good", ...refused];
    const forAll = ["publish 405 bad_request", "stats 405 bad_request", "publish 431 headers_too_large"];
    expect([...seen].sort()).toEqual([...described, ...forAll].sort());
  });

  test("so is every answer about objects and health", async () => {
    const world = await makePublishWorld(open);
    const { ask } = await listen(world, new Set());
    for (const name of ["state/index.txt", "state/1-2-00001.zip"]) {
      const answers = [
        await ask("GET", `/${name}`),
        await ask("GET", `/${name}`, { headers: { range: "bytes=2-4" } }),
        await ask("GET", `/${name}`, { headers: { "if-none-match": "*" } }),
        await ask("GET", `/${name.replace("state", "nation")}`),
        await ask("GET", `/${name}`, { headers: { range: "bytes=99-" } }),
      ];
      expect(answers.map(({ status }) => status)).toEqual([200, 206, 304, 404, 416]);
    }
    expect(await ask("GET", "/health")).toEqual({ status: 200, body: { status: "ok" } });
    const ill = await listen(world, new Set(), {}, ["blob_storage_failed"]);
    expect((await ill.ask("GET", "/health")).status).toBe(503);
  });
});

async function askForEverythingGood(world: PublishWorld, seen: Seen): Promise<void> {
  const { ask, upload } = await listen(world, seen);
  const request = keysOf();
  const onset = { symptomOnsetInterval: world.clock.now() / 600 - 144, traveler: true, padding: "x" };
  const { body } = await upload(request, onset, { reportType: "likely" });
  expect(body).toMatchObject({ insertedExposures: 3, revisionToken: expect.any(String) });
  const { revisionToken } = body as { revisionToken: string };
  world.clock.advance(1);
  expect((await upload(request, { revisionToken })).status).toBe(200);
  const [first, second] = keysOf(2).keys;
  if (first === undefined || second === undefined) throw new Error("two were made");
  const old = { ...first, rollingStartNumber: first.rollingStartNumber - 30 * 144 };
  expect((await upload({ ...request, keys: [second, old] })).body).toMatchObject({ code: "partial_failure" });

  for (const path of ["/v1/publish", "/v1/stats"]) {
    expect(await ask("POST", path, { headers: { "x-chaff": "1" } })).toMatchObject({ status: 200 });
  }
  const authorization = statsToken(world);
  expect((await ask("GET", "/v1/stats", { headers: { authorization } })).body).not.toHaveProperty("days");
  for (let count = 0; count < 10; count++) await upload(keysOf(1));
  world.clock.advance(HOUR);
  const later = { authorization: statsToken(world), ...JSON_TYPE };
  const asked = await ask("POST", "/v1/stats", { headers: later, body: '{"padding":"x"}' });
  expect(asked.body).toMatchObject({ days: [{ publish_requests: { unknown: 13 } }] });
}

async function askForEveryRefusal(world: PublishWorld, seen: Seen): Promise<void> {
  const { ask, upload } = await listen(world, seen);
  const request = keysOf();
  const { body } = await upload(request, {}, { reportType: "likely" });
  const { revisionToken } = body as { revisionToken: string };
  world.clock.advance(1);
  await upload(request);
  await upload(request, { revisionToken: "AAAA" });
  await upload(request, { revisionToken }, { reportType: "user-report" });
  await upload(request, { revisionToken });
  await upload(request, { revisionToken }, { reportType: "negative" });
  await upload(request, { healthAuthorityID: "nobody" });
  await upload(request, { verificationPayload: "" });
  await upload(request, { platform: "android" });

  const large = "x".repeat(64_001);
  await ask("POST", "/v1/publish", { headers: { "x-large": "x".repeat(20_000) } });
  await ask("POST", "/v1/publish", { headers: { "content-type": "text/json" }, body: "{}" });
  for (const path of ["/v1/publish", "/v1/stats"]) {
    await ask("POST", path, { headers: JSON_TYPE, body: large });
    await ask("POST", path, { headers: JSON_TYPE, body: "{" });
    await ask("PUT", path);
  }
  await ask("GET", "/v1/publish");
  await ask("GET", "/v1/stats");
  await ask("GET", "/v1/stats", { headers: { authorization: "Bearer x.y.z" } });

  const authorization = statsToken(world);
  for (const fail of [away, odd]) {
    const broken = await listen(world, seen, { database: failing(world.database, fail) });
    await broken.upload(keysOf());
    await broken.ask("GET", "/v1/stats", { headers: { authorization } });
  }
  const unsealed = await listen(world, seen, { encryptionKeys: { encrypt: odd, decrypt: odd } });
  await unsealed.upload(keysOf());
  const doubting = await listen(world, seen, { clock: { ...world.clock, trust: () => IN_DOUBT } });
  const over = { iat: world.clock.now() - 2 * HOUR, exp: world.clock.now() - HOUR };
  // A certificate that seems to be over, and a token whose key does.
  expect((await doubting.upload(keysOf(), {}, over)).status).toBe(503);
  const changed = keysOf();
  await upload(changed, {}, { reportType: "likely" });
  world.clock.advance(1);
  expect((await doubting.upload(changed, { revisionToken: "AAAA" })).status).toBe(503);
  expect((await doubting.upload(keysOf())).status).toBe(200);
  const late = `Bearer ${world.authority.signJwt({ iss: world.authority.iss, aud: "keyserver", ...over })}`;
  await doubting.ask("GET", "/v1/stats", { headers: { authorization: late } });
  const resting = await listen(world, seen, { settings: { isInMaintenance: true } });
  const flooded = await listen(world, seen, { settings: { requestsPerMinute: 1 } });
  await flooded.upload(keysOf());
  for (const { ask: askOne } of [resting, flooded]) {
    for (const path of ["/v1/publish", "/v1/stats"]) await askOne("POST", path);
  }
}
