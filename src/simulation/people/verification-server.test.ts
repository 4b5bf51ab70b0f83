// The verification server: who gets a certificate, and under which signing key.

import { createPublicKey, verify, type webcrypto } from "node:crypto";
import { expect, test } from "vitest";
import { DAY, HOUR } from "../../core/clock.ts";
import { seededRandom } from "../../platform/random/seeded-random.ts";
import { createVirtualClock } from "../../platform/time/virtual-clock.ts";
import { startVerificationServer, type VerificationServer } from "./verification-server.ts";

const START = 1_793_577_600;
const DIAGNOSIS = { reportType: "likely", onsetInterval: 2_989_000 } as const;

type Jwk = webcrypto.JsonWebKey & { readonly kid: string };

function start(jwksForm: "list" | "object" = "object") {
  const clock = createVirtualClock(START);
  const options = { issuer: "health.state", clock, random: seededRandom(1), rotatesAt: START + DAY, jwksForm };
  return { clock, starting: startVerificationServer(options) };
}

async function ask({ certificateUrl }: VerificationServer, token: string, ekeyhmac: string) {
  const response = await fetch(certificateUrl, { method: "POST", body: JSON.stringify({ token, ekeyhmac }) });
  const { certificate = "" } = (await response.json()) as { certificate?: string };
  return { status: response.status, certificate };
}

async function publishedKeys({ jwksUrl }: VerificationServer): Promise<Jwk[]> {
  return ((await (await fetch(jwksUrl)).json()) as { keys: Jwk[] }).keys;
}

function partsOf(certificate: string) {
  const [header = "", claims = "", signature = ""] = certificate.split(".");
  return { header: read(header), claims: read(claims), signed: `${header}.${claims}`, signature };
}

function read(part: string) {
  return JSON.parse(Buffer.from(part, "base64url").toString()) as Record<string, unknown>;
}

function isSignedBy(key: Jwk, certificate: string): boolean {
  const { signed, signature } = partsOf(certificate);
  const publicKey = { key: createPublicKey({ key, format: "jwk" }), dsaEncoding: "ieee-p1363" } as const;
  return verify("sha256", Buffer.from(signed), publicKey, Buffer.from(signature, "base64url"));
}

test("a code is exchanged for a certificate of its diagnosis, again for the same keys and never for others", async () => {
  const { starting, clock } = start();
  await using server = await starting;
  const code = server.diagnose(DIAGNOSIS);
  const { status, certificate } = await ask(server, code, "bWFj");
  expect(status).toBe(200);
  expect(partsOf(certificate).claims).toEqual({
    iss: "health.state",
    aud: server.audience,
    iat: clock.now(),
    exp: clock.now() + 900,
    reportType: "likely",
    symptomOnsetInterval: 2_989_000,
    tekmac: "bWFj",
  });
  expect(await ask(server, code, "bWFj")).toMatchObject({ status: 200 });
  expect(await ask(server, code, "b3RoZXI=")).toMatchObject({ status: 400 });
  expect(await ask(server, "guessed", "bWFj")).toMatchObject({ status: 400 });
});

test("what is no request for a certificate is refused", async () => {
  await using server = await start().starting;
  for (const body of ["", "[", "null", '{"token":1}']) {
    expect((await fetch(server.certificateUrl, { method: "POST", body })).status).toBe(400);
  }
  expect((await fetch(`${server.jwksUrl}.bak`)).status).toBe(404);
});

test("the signing key changes once, and who looks every hour always knows the one that signs", async () => {
  const { starting, clock } = start();
  await using server = await starting;
  const signed: unknown[] = [];
  const listed: number[] = [];
  for (let hour = 0; hour < 48; hour++) {
    const known = await publishedKeys(server);
    listed.push(known.length);
    clock.advance(HOUR - 1);
    const { certificate } = await ask(server, server.diagnose(DIAGNOSIS), "bWFj");
    const { kid } = partsOf(certificate).header;
    const [signer] = known.filter((key) => key.kid === kid);
    expect(signer && isSignedBy(signer, certificate)).toBe(true);
    signed.push(kid);
    clock.advance(1);
  }
  const changedAt = signed.indexOf("2");
  expect(changedAt).toBeGreaterThan(24);
  expect(signed.map((kid, hour) => kid === (hour < changedAt ? "1" : "2"))).toEqual(signed.map(() => true));
  expect(new Set(listed)).toEqual(new Set([1, 2]));
  expect((await publishedKeys(server)).map(({ kid }) => kid)).toEqual(["2"]);
});

test("the keys are published as a bare list where that is wanted", async () => {
  await using server = await start("list").starting;
  expect(await (await fetch(server.jwksUrl)).json()).toEqual([
    expect.objectContaining({ kid: "1", kty: "EC", crv: "P-256", alg: "ES256" }),
  ]);
});
