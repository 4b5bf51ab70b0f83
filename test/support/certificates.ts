// Health authorities that issue real certificates, made with nothing but Node's cryptography.

import { Buffer } from "node:buffer";
import { createHmac, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** As a phone sends it. */
export interface SentKey {
  readonly key: string;
  readonly rollingStartNumber: number;
  readonly rollingPeriod: number;
  readonly transmissionRisk: number;
}

export interface SentRequest {
  readonly keys: readonly SentKey[];
  readonly hmacKey: Uint8Array;
}

export interface TestAuthority {
  readonly iss: string;
  readonly aud: string;
  readonly kid: string;
  readonly publicKeyPem: string;
  /** As it stands in a JWKS. */
  readonly jwk: Readonly<Record<string, unknown>>;
  /** A compact JWS over these claims; the header's members may be replaced, or taken out with undefined. */
  signJwt(claims: object | string, header?: object): string;
  /** A certificate for the request that is valid at `now`. Claims may be replaced, or taken out with undefined. */
  certify(request: SentRequest, now: number, claims?: Readonly<Record<string, unknown>>): string;
}

export function makeAuthority(
  iss = "gov.state.health",
  kid = "v1",
  aud = "exposure-notifications-server",
): TestAuthority {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const signJwt = (claims: object | string, header: object = {}) => {
    const payload = typeof claims === "string" ? claims : JSON.stringify(claims);
    const signedText = `${encode(JSON.stringify({ alg: "ES256", kid, typ: "JWT", ...header }))}.${encode(payload)}`;
    const signature = sign("sha256", Buffer.from(signedText), { key: privateKey, dsaEncoding: "ieee-p1363" });
    return `${signedText}.${signature.toString("base64url")}`;
  };
  return {
    iss,
    aud,
    kid,
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }),
    jwk: { ...publicKey.export({ format: "jwk" }), kid, use: "sig", alg: "ES256" },
    signJwt,
    certify: (request, now, claims = {}) => signJwt({ ...certificateClaims({ iss, aud }, request, now), ...claims }),
  };
}

/** What a verification server puts into a certificate of a confirmed case. */
export function certificateClaims(
  { iss, aud }: { readonly iss: string; readonly aud: string },
  request: SentRequest,
  now: number,
): Record<string, unknown> {
  return { iss, aud, iat: now, exp: now + 900, reportType: "confirmed", tekmac: macOfKeys(request) };
}

/** The HMAC in base64, with the risks or without them. */
export function macOfKeys({ keys, hmacKey }: SentRequest, form: "risks" | "no-risks" = "risks"): string {
  const parts = keys
    .toSorted((left, right) => (left.key < right.key ? -1 : 1))
    .map((one) => {
      const numbers = [one.rollingStartNumber, one.rollingPeriod, ...(form === "risks" ? [one.transmissionRisk] : [])];
      return [one.key, ...numbers].join(".");
    });
  return createHmac("sha256", hmacKey).update(parts.join(",")).digest("base64");
}

/** Random exposure keys of the days that end at the interval `end`, and a new HMAC key. */
export function makeRequest(count = 3, end = 2_992_464, transmissionRisk = 2): SentRequest {
  const keys = Array.from({ length: count }, (_, day) => ({
    key: randomBytes(16).toString("base64"),
    rollingStartNumber: end - 144 * (day + 1),
    rollingPeriod: 144,
    transmissionRisk,
  }));
  return { keys, hmacKey: randomBytes(16) };
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}
