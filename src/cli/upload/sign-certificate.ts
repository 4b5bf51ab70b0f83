// A diagnosis certificate as a health authority signs it (KS 4.1).

import { type KeyObject, sign } from "node:crypto";
import { MINUTE, type UnixSeconds } from "../../core/clock.ts";

export interface CertificateSigner {
  /** On P-256. */
  readonly privateKey: KeyObject;
  readonly kid: string;
  readonly issuer: string;
  readonly audience: string;
}

export interface Diagnosis {
  /** Of the exposure keys, in base64. */
  readonly hmac: string;
  readonly reportType: string;
  readonly now: UnixSeconds;
}

const LIFETIME_SECONDS = 15 * MINUTE;

/** A compact JWS with ES256. */
export function signCertificate(signer: CertificateSigner, { hmac, reportType, now }: Diagnosis): string {
  const { privateKey, kid, issuer, audience } = signer;
  const claims = { iss: issuer, aud: audience, iat: now, exp: now + LIFETIME_SECONDS, reportType, tekmac: hmac };
  const signed = `${encode({ alg: "ES256", kid, typ: "JWT" })}.${encode(claims)}`;
  const signature = sign("sha256", Buffer.from(signed), { key: privateKey, dsaEncoding: "ieee-p1363" });
  return `${signed}.${signature.toString("base64url")}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}
