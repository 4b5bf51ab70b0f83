// The uploader against a server that judges what arrives by code of its own.

import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startUploadServer, type UploadServer } from "../../test/support/upload-server.ts";
import { createUploader, type UploaderOptions } from "./client.ts";
import type { Upload, UploadKey } from "./client-types.ts";
import { macOfUpload } from "./upload-mac.ts";

const NOW = 1_795_514_400;
const quickly = { pause: async () => undefined };

let server: UploadServer;
beforeAll(async () => {
  server = await startUploadServer(NOW);
});
afterAll(() => server.close());

function uploaderOf(options: Partial<UploaderOptions> = {}) {
  return createUploader({ url: server.publishUrl, healthAuthorityId: "com.example.app", ...options });
}

function keysOf(count: number): UploadKey[] {
  return Array.from({ length: count }, (_, day) => ({
    keyData: new Uint8Array(randomBytes(16)),
    rollingStart: 2_992_464 - 144 * (day + 1),
    rollingPeriod: 144,
    transmissionRisk: day % 9,
  }));
}

/** Certified by the server's health authority, as of this report type. */
function uploadOf(count: number, reportType = "likely"): Upload {
  return { keys: keysOf(count), credential: { certify: certifyAs(reportType) } };
}

function certifyAs(reportType: string) {
  const { authority } = server;
  const { iss, aud } = authority;
  return async (hmac: string) => authority.signJwt({ iss, aud, iat: NOW, exp: NOW + 900, reportType, tekmac: hmac });
}

/** What arrived last. */
function lastUpload() {
  const last = server.uploads.at(-1);
  if (last === undefined) throw new Error("nothing arrived");
  return last;
}

describe("an upload", () => {
  test.each([1, 14, 30])("of %i keys is as a key server wants it", async (count) => {
    const upload = uploadOf(count);
    const uploader = uploaderOf();
    expect(await uploader.send(await uploader.prepare(upload))).toMatchObject({ outcome: "stored", inserted: count });
    const { content, faults } = lastUpload();
    expect(faults).toEqual([]);
    expect(content["healthAuthorityID"]).toBe("com.example.app");
    const sent = content["temporaryExposureKeys"] as readonly { key: string }[];
    expect(new Set(sent.map(({ key }) => key))).toEqual(new Set(upload.keys.map(({ keyData }) => keyData.toBase64())));
  });

  test("gets its certificate from a verification server, which learns the HMAC and no key", async () => {
    const verificationServer = { url: server.certificateUrl, token: "one-time", headers: { "x-api-key": "app" } };
    const uploader = uploaderOf();
    const keys = keysOf(3);
    const answer = await uploader.send(await uploader.prepare({ keys, credential: { verificationServer } }));
    expect(answer.outcome).toBe("stored");
    const { headers, content } = server.certificateRequests.at(-1) ?? { headers: {}, content: {} };
    expect(headers["x-api-key"]).toBe("app");
    expect(Object.keys(content)).toEqual(["token", "ekeyhmac", "padding"]);
    expect(content).toMatchObject({ token: "one-time", ekeyhmac: lastUpload().claims?.["tekmac"] });
  });

  test("can bring a certificate that was issued before", async () => {
    const keys = keysOf(2);
    const hmacSecret = new Uint8Array(randomBytes(16));
    const certificate = await certifyAs("confirmed")(macOfUpload(keys, hmacSecret));
    const uploader = uploaderOf();
    const prepared = await uploader.prepare({ keys, credential: { certificate, hmacSecret } });
    expect(await uploader.send(prepared)).toMatchObject({ outcome: "stored", inserted: 2 });
  });

  test("carries onset, traveler and revision token, and revises with them", async () => {
    const uploader = uploaderOf();
    const upload = uploadOf(2, "likely");
    const first = await uploader.send(await uploader.prepare(upload));
    if (first.outcome !== "stored" || first.revisionToken === null) throw new Error("no token");
    const more = { revisionToken: first.revisionToken, symptomOnsetInterval: 2_992_000, traveler: true };
    const credential = { certify: certifyAs("confirmed") };
    const revision = await uploader.prepare({ keys: upload.keys, credential, ...more });
    expect(await uploader.send(revision)).toMatchObject({ outcome: "stored", inserted: 0 });
    expect(lastUpload().content).toMatchObject(more);
    for (const { keyData } of upload.keys) expect(server.stored.get(keyData.toBase64())).toBe("confirmed");
  });

  test("that the server refuses says why", async () => {
    const uploader = uploaderOf();
    const credential = { certify: async () => "no.real.certificate" };
    expect(await uploader.send(await uploader.prepare({ keys: keysOf(1), credential }))).toMatchObject({
      outcome: "refused",
      status: 401,
      message: expect.stringContaining("signature") as string,
    });
    expect(await uploader.send(await uploader.prepare({ keys: keysOf(1), credential: null }))).toMatchObject({
      outcome: "refused",
    });
  });

  test("is not prepared where the verification server gives no certificate, and no key is sent", async () => {
    const before = server.uploads.length;
    const uploader = uploaderOf();
    const verificationServer = { url: server.certificateUrl };
    for (const misbehaviour of [
      { status: 400, body: '{"error":"code used"}' },
      { body: "{}" },
      { isLost: true },
      { body: "<html>" },
    ] as const) {
      server.misbehave(misbehaviour);
      await expect(uploader.prepare({ keys: keysOf(1), credential: { verificationServer } })).rejects.toMatchObject({
        code: "certificate_unavailable",
      });
    }
    expect(server.uploads).toHaveLength(before);
  });

  test("does not follow the verification server elsewhere with the person's token", async () => {
    const before = server.certificateRequests.length;
    server.misbehave({ status: 307, headers: { location: "/api/certificate" } });
    const verificationServer = { url: server.certificateUrl, token: "one-time" };
    await expect(uploaderOf().prepare({ keys: keysOf(1), credential: { verificationServer } })).rejects.toMatchObject({
      code: "certificate_unavailable",
    });
    expect(server.certificateRequests).toHaveLength(before + 1);
  });

  test("is not followed to another server", async () => {
    const uploader = uploaderOf();
    server.misbehave({ status: 307, headers: { location: "/v1/publish" }, body: "" });
    const before = server.uploads.length;
    expect(await uploader.send(await uploader.prepare(uploadOf(1)))).toMatchObject({ outcome: "refused", status: 307 });
    expect(server.uploads).toHaveLength(before + 1);
  });
});

describe("sizes", () => {
  test("are the same on the wire for uploads of any kind and for chaff", async () => {
    const uploader = uploaderOf();
    const begun = server.uploads.length;
    for (const count of [1, 14, 30]) await uploader.send(await uploader.prepare(uploadOf(count)));
    await uploader.send(await uploader.prepare({ ...uploadOf(5), traveler: true, revisionToken: "x".repeat(1_700) }));
    for (let index = 0; index < 3; index++) await uploader.sendChaff();
    const seen = [...server.uploads.slice(begun), ...server.chaff.slice(-3)];
    expect(seen).toHaveLength(7);
    expect(new Set(seen.map(({ wireBytes }) => wireBytes)).size).toBe(1);
  });

  test("beyond what servers take are refused at once", () => {
    expect(() => uploaderOf({ requestBytes: 64_001 })).toThrow(RangeError);
    expect(() => uploaderOf({ requestBytes: Number.NaN })).toThrow(RangeError);
  });
});

describe("chaff", () => {
  test("differs from an upload by its header alone, and would not be stored without it", async () => {
    const stored = server.stored.size;
    const uploader = uploaderOf();
    expect(await uploader.sendChaff()).toEqual({ isAnswered: true, status: 200 });
    const chaff = server.chaff.at(-1);
    await uploader.send(await uploader.prepare(uploadOf(14)));
    const { "x-chaff": marker, ...headers } = chaff?.headers ?? {};
    expect(marker).toBe("1");
    const own = { "content-length": "" };
    expect({ ...headers, ...own }).toEqual({ ...lastUpload().headers, ...own });
    expect(chaff?.faults).not.toEqual([]);
    expect(server.stored.size).toBe(stored + 14);
  });

  test("that is not answered says so", async () => {
    server.misbehave({ status: 503 }, { isLost: true });
    expect(await uploaderOf().sendChaff()).toEqual({ isAnswered: false, status: 503 });
    expect(await uploaderOf().sendChaff()).toEqual({ isAnswered: false, status: null });
  });
});

describe("a server that is unwell", () => {
  test("gets the identical request again, and stores it once", async () => {
    const uploader = uploaderOf();
    const begun = server.uploads.length;
    const prepared = await uploader.prepare(uploadOf(4));
    server.misbehave({ status: 503 }, { isLost: true }, { status: 429 });
    expect(await uploader.sendRepeatedly(prepared, quickly)).toMatchObject({ outcome: "stored", inserted: 0 });
    const bodies = server.uploads.slice(begun).map(({ body }) => body.toString());
    expect(bodies).toHaveLength(4);
    expect(new Set(bodies).size).toBe(1);
  });

  test("and does not answer is given up in time", async () => {
    const uploader = uploaderOf({ timeoutMilliseconds: 50 });
    server.misbehave({ isSilent: true });
    expect(await uploader.send(await uploader.prepare(uploadOf(1)))).toMatchObject({
      outcome: "try_again",
      status: null,
      code: "fetch_timeout",
    });
  });

  test("and answers without end is cut off", async () => {
    const uploader = uploaderOf();
    server.misbehave({ body: new Uint8Array(1024 * 1024 + 1) });
    expect(await uploader.send(await uploader.prepare(uploadOf(1)))).toMatchObject({
      outcome: "try_again",
      code: "fetch_too_large",
    });
  });

  test("and is not there is no exception", async () => {
    const uploader = uploaderOf({ url: "http://127.0.0.1:9/v1/publish" });
    expect(await uploader.send(await uploader.prepare(uploadOf(1)))).toMatchObject({
      outcome: "try_again",
      code: "fetch_failed",
      message: expect.stringMatching(/./) as string,
    });
  });
});
