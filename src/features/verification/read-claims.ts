// The claims that every token has to have, each of its type (KS 4.1).

import type { UnixSeconds } from "../../core/clock.ts";
import { refusal } from "./verification-types.ts";

export interface TimeClaims {
  /** null where a claim is absent; 0 counts as absent, as in the reference server. */
  readonly exp: UnixSeconds | null;
  readonly iat: UnixSeconds | null;
  readonly nbf: UnixSeconds | null;
}

export interface CommonClaims extends TimeClaims {
  readonly iss: string;
  /** Empty where the claim is absent. */
  readonly aud: string;
}

type Claims = Readonly<Record<string, unknown>>;

/** Throws `jwt_claim_invalid` where a claim has another type or is no exact number. */
export function readCommonClaims(claims: Claims): CommonClaims {
  // Nothing reads them; the reference server's reader wants texts.
  for (const name of ["sub", "jti"]) readText(claims, name);
  return {
    iss: readText(claims, "iss"),
    aud: readAudience(claims),
    exp: readTime(claims, "exp"),
    iat: readTime(claims, "iat"),
    nbf: readTime(claims, "nbf"),
  };
}

/** The text, empty where the claim is absent or null. Throws `jwt_claim_invalid`. */
export function readText(claims: Claims, name: string): string {
  const value = claims[name] ?? "";
  if (typeof value !== "string") throw invalid(name);
  return value;
}

/** The number, null where the claim is absent, null or 0. Throws `jwt_claim_invalid`. */
function readTime(claims: Claims, name: string): UnixSeconds | null {
  const value = claims[name] ?? 0;
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw invalid(name);
  return value === 0 ? null : value;
}

/** RFC 7519 allows a list too; it is taken when it has one member, as libraries write a single audience. */
function readAudience(claims: Claims): string {
  const { aud } = claims;
  if (Array.isArray(aud) && aud.length === 1) return readText({ aud: aud[0] }, "aud");
  return readText(claims, "aud");
}

function invalid(name: string): Error {
  return refusal("jwt_claim_invalid", `the claim ${name} has the wrong type`);
}
