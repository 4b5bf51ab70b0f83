// The signing keys of a health authority: real ES256, and a second key that takes over in the course.

import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { HOUR, type UnixSeconds } from "../../core/clock.ts";

export interface AuthorityKeys {
  /** What is published at `now`, as JWKs. */
  published(now: UnixSeconds): object[];
  /** A compact JWS over the claims, under the key that signs at `now`. */
  sign(claims: object, now: UnixSeconds): string;
}

/** From its publication to its first signature, so that every key server has seen it by then. */
const ANNOUNCED_SECONDS = 6 * HOUR;
/** From its last signature to its withdrawal, so that what it signed has been used by then. */
const KEPT_SECONDS = 6 * HOUR;

/** The keys themselves are never the same, whatever the seed; nothing but signatures hangs on them. */
export function createAuthorityKeys(rotatesAt: UnixSeconds): AuthorityKeys {
  const takesOverAt = rotatesAt + ANNOUNCED_SECONDS;
  const first = { ...makeSigner("1"), from: 0, until: takesOverAt + KEPT_SECONDS };
  const second = { ...makeSigner("2"), from: rotatesAt, until: Number.POSITIVE_INFINITY };
  return {
    published: (now) =>
      [first, second].filter(({ from, until }) => from <= now && now < until).map((signer) => signer.jwk),
    sign: (claims, now) => signWith(now < takesOverAt ? first : second, claims),
  };
}

interface Signer {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly jwk: object;
}

function makeSigner(kid: string): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "ES256" } };
}

function signWith({ kid, privateKey }: Signer, claims: object): string {
  const signed = `${encode({ alg: "ES256", kid, typ: "JWT" })}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
