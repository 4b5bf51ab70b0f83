// POST /v1/publish with everything behind it: which request gets which answer, and what of it is stored.

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { macOfKeys, makeAuthority, makeRequest, type SentKey, type SentRequest } from "../support/certificates.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import {
  CURRENT,
  contentOf,
  countRows,
  keysOf,
  MIDNIGHT,
  makePublishWorld,
  NOW,
  storedOf,
  type UploadOptions,
} from "../support/publish-world.ts";

const CERTIFICATE_INVALID = "health_authority_verification_certificate_invalid";
const claims = (changes: Readonly<Record<string, unknown>>): UploadOptions => ({ claims: changes });
const members = (changes: Readonly<Record<string, unknown>>): UploadOptions => ({ members: changes });

function keyOf(rollingStartNumber: number, changes: Partial<SentKey> = {}): SentKey {
  const [key] = makeRequest(1).keys;
  if (key === undefined) throw new Error("one was made");
  return { ...key, transmissionRisk: 0, rollingStartNumber, ...changes };
}

function requestOf(...keys: readonly SentKey[]): SentRequest {
  return { ...makeRequest(1), keys };
}

const yesterday = () => keyOf(MIDNIGHT - 144);

interface Case {
  readonly request?: SentRequest;
  readonly options?: UploadOptions;
  readonly status: number;
  readonly code?: string;
  /** Keys that are stored, which is what the answer says too. */
  readonly stored?: number;
}

/** Of KS 3 to 5, in the order of the fields. */
const CASES: Readonly<Record<string, Case>> = {
  "an upload as it should be": { status: 200, stored: 3 },
  "another charset named": {
    options: { headers: { "content-type": "application/json; charset=utf-8" } },
    status: 200,
    stored: 3,
  },
  "another content type": { options: { headers: { "content-type": "text/json" } }, status: 415, code: "bad_request" },
  "no content type": { options: { headers: { "content-type": "" } }, status: 415, code: "bad_request" },
  padding: { options: members({ padding: "x".repeat(2_000) }), status: 200, stored: 3 },
  "an unknown member": { options: members({ platform: "android" }), status: 400, code: "bad_request" },
  "regions, as of v1alpha1": { options: members({ regions: ["US-WA"] }), status: 400, code: "bad_request" },
  "no app": { options: members({ healthAuthorityID: undefined }), status: 401, code: "unknown_health_authority_id" },
  "an unknown app": {
    options: members({ healthAuthorityID: "org" }),
    status: 401,
    code: "unknown_health_authority_id",
  },
  "an app with a NUL": {
    options: members({ healthAuthorityID: "org.state\0" }),
    status: 401,
    code: "unknown_health_authority_id",
  },
  "the app in capitals": { options: members({ healthAuthorityID: "ORG.State" }), status: 200, stored: 3 },
  "no certificate": { options: members({ verificationPayload: "" }), status: 401, code: CERTIFICATE_INVALID },
  "no HMAC key": { options: members({ hmacKey: "" }), status: 401, code: CERTIFICATE_INVALID },
  "an HMAC key that is no base64": { options: members({ hmacKey: "?" }), status: 401, code: CERTIFICATE_INVALID },
  "another HMAC key": { options: members({ hmacKey: "AAAA" }), status: 401, code: CERTIFICATE_INVALID },
  "a certificate for other keys": {
    options: claims({ tekmac: macOfKeys(keysOf()) }),
    status: 401,
    code: CERTIFICATE_INVALID,
  },
  "an unknown issuer": { options: claims({ iss: "gov.nobody" }), status: 401, code: CERTIFICATE_INVALID },
  "an expired certificate": {
    options: claims({ iat: NOW - 2_000, exp: NOW - 1_000 }),
    status: 401,
    code: CERTIFICATE_INVALID,
  },
  "a certificate without an end (KS P22)": {
    options: claims({ exp: undefined }),
    status: 401,
    code: CERTIFICATE_INVALID,
  },
  "a likely diagnosis": { options: claims({ reportType: "likely" }), status: 200, stored: 3 },
  "a self-report": { options: claims({ reportType: "user-report" }), status: 200, stored: 3 },
  "another report type": { options: claims({ reportType: "recursive" }), status: 401, code: CERTIFICATE_INVALID },
  "a withdrawal of keys that nobody has (KS P13)": { options: claims({ reportType: "negative" }), status: 200 },
  "no keys": { request: requestOf(), status: 401, code: CERTIFICATE_INVALID },
  "thirty keys": { request: requestOf(...days(10), ...days(10), ...days(10)), status: 200, stored: 30 },
  "thirty-one keys": {
    request: requestOf(...days(10), ...days(10), ...days(11)),
    status: 400,
    code: "bad_request",
  },
  "four keys of one start": {
    request: requestOf(yesterday(), yesterday(), yesterday(), yesterday()),
    status: 400,
    code: "bad_request",
  },
  "keys that overlap": {
    request: requestOf(yesterday(), keyOf(MIDNIGHT - 143, { rollingPeriod: 10 })),
    status: 400,
    code: "bad_request",
  },
  "keys in base64url without padding": {
    request: requestOf(keyOf(MIDNIGHT - 144, { key: Buffer.alloc(16, 255).toString("base64url") })),
    status: 200,
    stored: 1,
  },
  "a key of 15 bytes among others": {
    request: requestOf(keyOf(MIDNIGHT - 144, { key: "AAAAAAAAAAAAAAAAAAAA" }), yesterday()),
    status: 200,
    code: "partial_failure",
    stored: 1,
  },
  "a key of 15 bytes alone": {
    request: requestOf(keyOf(MIDNIGHT - 144, { key: "AAAAAAAAAAAAAAAAAAAA" })),
    status: 400,
    code: "bad_request",
  },
  "a period of 0": { request: requestOf(keyOf(MIDNIGHT, { rollingPeriod: 0 })), status: 400, code: "bad_request" },
  "a period of 145": { request: requestOf(keyOf(MIDNIGHT, { rollingPeriod: 145 })), status: 400, code: "bad_request" },
  "a risk of 8": { request: requestOf(keyOf(MIDNIGHT, { transmissionRisk: 8 })), status: 200, stored: 1 },
  "a risk of 9": { request: requestOf(keyOf(MIDNIGHT, { transmissionRisk: 9 })), status: 400, code: "bad_request" },
  "a risk beyond 32 bits among others": {
    request: requestOf(keyOf(MIDNIGHT, { transmissionRisk: 2 ** 40 }), yesterday()),
    status: 200,
    code: "partial_failure",
    stored: 1,
  },
  "a key that just ends inside 15 days": {
    request: requestOf(keyOf(CURRENT - 360 * 6 - 144)),
    options: members({ symptomOnsetInterval: CURRENT - 12 * 144 }),
    status: 200,
    stored: 1,
  },
  "a key that ended before": {
    request: requestOf(keyOf(CURRENT - 360 * 6 - 145)),
    options: members({ symptomOnsetInterval: CURRENT - 12 * 144 }),
    status: 400,
    code: "bad_request",
  },
  "a key that begins now": { request: requestOf(keyOf(CURRENT)), status: 200, stored: 1 },
  "a key that has not begun": { request: requestOf(keyOf(CURRENT + 1)), status: 400, code: "bad_request" },
  "a revision token that is nothing, for new keys": {
    options: members({ revisionToken: "AAAA" }),
    status: 200,
    stored: 3,
  },
};

/** A key for each of the last days. */
function days(count: number): SentKey[] {
  return Array.from({ length: count }, (_, day) => keyOf(MIDNIGHT - 144 * (day + 1)));
}

describeOnEachDatabase("an upload", (open) => {
  const make = (...changes: [] | [Parameters<typeof makePublishWorld>[1]]) => makePublishWorld(open, ...changes);

  test("each request gets its answer, and what is refused leaves nothing", async () => {
    const { database, upload } = await make();
    for (const [what, { request = keysOf(), options = {}, status, code, stored = 0 }] of Object.entries(CASES)) {
      const before = await countRows(database);
      const answer = await upload(request, options);
      expect([what, answer.status, answer.body.code, answer.body.insertedExposures ?? 0]).toEqual([
        what,
        status,
        code,
        stored,
      ]);
      const after = await countRows(database);
      expect([what, (after["keys"] ?? 0) - (before["keys"] ?? 0)]).toEqual([what, stored]);
      if (status !== 200) expect([what, after]).toEqual([what, before]);
      expect([what, answer.body.revisionToken !== undefined]).toEqual([what, stored > 0]);
      expect(answer.body.error === undefined).toBe(code === undefined);
      expect(answer.headers).toMatchObject({ "content-type": "application/json", "x-api-version": "v1" });
    }
  });

  test("P12: places in answers are those of the request, although the HMAC sorts the keys", async () => {
    const { upload } = await make();
    const keys = [
      keyOf(MIDNIGHT - 144, { key: Buffer.alloc(16, 0xff).toString("base64") }),
      keyOf(MIDNIGHT - 288, { key: "zz" }),
      keyOf(MIDNIGHT - 432, { key: Buffer.alloc(16, 1).toString("base64") }),
      keyOf(CURRENT + 10, { key: Buffer.alloc(16, 0).toString("base64") }),
    ];
    const { body } = await upload(requestOf(...keys));
    expect(body).toMatchObject({
      insertedExposures: 2,
      code: "partial_failure",
      error: "key 1: not 16 bytes in base64; key 3: it begins in the future",
    });
  });

  test("P14: keys that are dropped for the onset are reported, as a failure and as a warning", async () => {
    const { database, upload } = await make();
    const request = requestOf(keyOf(MIDNIGHT - 144), keyOf(MIDNIGHT - 15 * 144));
    const onset = members({ symptomOnsetInterval: MIDNIGHT });
    expect((await upload(request, onset)).body).toMatchObject({
      insertedExposures: 1,
      code: "partial_failure",
      error: "key 1: too many days from the symptom onset",
      warnings: ["key 1: too many days from the symptom onset"],
    });
    expect(await storedOf(database, request)).toMatchObject([{ days_since_onset: -1 }]);
  });

  test("P11: a missing rolling period means 144, for the HMAC too", async () => {
    const { database, upload } = await make();
    const request = keysOf(1);
    const without = request.keys.map((key) => ({ ...key, rollingPeriod: undefined }));
    expect(await upload(request, members({ temporaryExposureKeys: without }))).toMatchObject({ status: 200 });
    expect(await storedOf(database, request)).toMatchObject([{ rolling_period: 144 }]);
  });

  test("an HMAC without risks is as good where all are 0", async () => {
    const { upload } = await make();
    const request = keysOf(2);
    expect(await upload(request, claims({ tekmac: macOfKeys(request, "no-risks") }))).toMatchObject({ status: 200 });
  });

  test("keys get the app's regions, the traveller's mark, the certificate's type and their risk (KS 3.8, P10)", async () => {
    const world = await make();
    await world.addApp({ name: "org.two", regions: ["us-or", "US-CA"] });
    const stored: unknown[] = [];
    for (const reportType of ["confirmed", "likely", "user-report"]) {
      const request = requestOf(keyOf(MIDNIGHT - 144), keyOf(MIDNIGHT - 288, { transmissionRisk: 7 }));
      const two = { healthAuthorityID: "org.two", traveler: reportType === "likely" };
      await world.upload(request, { claims: { reportType }, members: two });
      const rows = await storedOf(world.database, request);
      expect(rows).toMatchObject([{ regions: ["US-CA", "US-OR"], origin: "upload" }, { transmission_risk: 7 }]);
      stored.push(rows.map((row) => [row.report_type, row.transmission_risk, row.traveler]));
    }
    expect(stored).toEqual([
      [
        [1, 2, false],
        [1, 7, false],
      ],
      [
        [2, 4, true],
        [2, 7, true],
      ],
      [
        [3, 5, false],
        [3, 7, false],
      ],
    ]);
  });

  test("KS 3.6: a key that still runs is released after its end, the others with the hour", async () => {
    const { database, clock, upload } = await make();
    clock.advance(1_234);
    const request = requestOf(keyOf(MIDNIGHT - 144), keyOf(MIDNIGHT), keyOf(CURRENT - 30, { rollingPeriod: 6 }));
    const apart = [request.keys.slice(0, 2), request.keys.slice(2)].map((keys) => ({ ...request, keys }));
    for (const one of apart) await upload(one);
    expect((await storedOf(database, request)).map((row) => row.released_at)).toEqual([
      NOW,
      NOW - 10 * HOUR + DAY + HOUR,
      NOW,
    ]);
  });

  test("P25: an app that needs no certificate may leave it out, but none that is bad is taken", async () => {
    const world = await make();
    await world.addApp({ name: "org.free", bypassCertificate: true });
    const free = { healthAuthorityID: "org.free" };
    const [bare, certified, bad] = [keysOf(), keysOf(), keysOf()];
    expect(await world.post(contentOf(bare, { ...free, hmacKey: "" }))).toMatchObject({ status: 200 });
    expect(await storedOf(world.database, bare)).toMatchObject([{ report_type: null, transmission_risk: 0 }, {}, {}]);
    expect(await world.upload(certified, { members: free })).toMatchObject({ status: 200 });
    expect(await storedOf(world.database, certified)).toMatchObject([{ report_type: 1 }, {}, {}]);
    expect(await world.upload(bad, { members: free, claims: { iss: "gov.nobody" } })).toMatchObject({
      status: 401,
      body: { code: CERTIFICATE_INVALID },
    });
    expect(await storedOf(world.database, bad)).toEqual([]);
  });

  test("is taken under certificates of the app's own authorities only", async () => {
    const world = await make();
    const other = makeAuthority("gov.other", "v1");
    const { publicKeyPem, iss, aud } = other;
    const settings = { name: "other", iss, aud, jwksUrl: null, allowPrivateAddresses: false, statsEnabled: true };
    await world.verification.createAuthority(settings);
    const entered = { version: "v1", publicKeyPem, from: NOW - DAY, until: null };
    await world.verification.addAuthorityKey("other", entered);
    const request = keysOf();
    const verificationPayload = other.certify(request, NOW);
    const refused = await world.upload(request, { members: { verificationPayload } });
    expect(refused).toMatchObject({ status: 401, body: { code: CERTIFICATE_INVALID } });
  });
});
