// Reads what an authority publishes: a list of JWKs, bare as the reference server wants it or as `keys` (RFC 7517).

import { CodedError } from "../../../core/coded-error.ts";
import { pemOfPoint } from "../parse-authority-key.ts";
import type { JwksErrorCode, JwksKeyRefusal } from "../verification-types.ts";

export interface ListedKey {
  readonly version: string;
  readonly publicKeyPem: string;
}

export interface IgnoredKey {
  /** Its kid, or what stands for one. */
  readonly version: string;
  readonly reason: JwksKeyRefusal;
}

export interface Jwks {
  /** Each version once. */
  readonly listed: readonly ListedKey[];
  readonly ignored: readonly IgnoredKey[];
}

const MOST_KEYS = 100;
/** As long as the admin API takes it in a path. */
const MAX_KID_LENGTH = 100;

/**
 * Keys that are not for ES256 are passed over (KS J5). Throws `jwks_unreadable`, and `jwks_ambiguous` where two keys have
 * one kid: nobody knows which of them is meant.
 */
export function readJwks(bytes: Uint8Array): Jwks {
  const listed = new Map<string, string>();
  const ignored: IgnoredKey[] = [];
  for (const entry of entriesOf(parse(bytes))) {
    const read = readKey(entry);
    if ("reason" in read) {
      ignored.push(read);
      continue;
    }
    if (listed.getOrInsert(read.version, read.publicKeyPem) !== read.publicKeyPem) {
      throw new CodedError<JwksErrorCode>("jwks_ambiguous", `two keys have the kid ${JSON.stringify(read.version)}`);
    }
  }
  return { listed: [...listed].map(([version, publicKeyPem]) => ({ version, publicKeyPem })), ignored };
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw unreadable("it is no JSON");
  }
}

function entriesOf(value: unknown): readonly unknown[] {
  const entries = isObject(value) ? value["keys"] : value;
  if (!Array.isArray(entries)) throw unreadable("it is no list of keys");
  if (entries.length > MOST_KEYS) throw unreadable(`it has more than ${MOST_KEYS} keys`);
  return entries;
}

function readKey(entry: unknown): ListedKey | IgnoredKey {
  const jwk = isObject(entry) ? entry : {};
  const { kid, kty, crv, x, y } = jwk;
  const version = typeof kid === "string" ? kid : "";
  const ignore = (reason: JwksKeyRefusal): IgnoredKey => ({ version: version.slice(0, MAX_KID_LENGTH), reason });
  if (kty !== "EC" || crv !== "P-256") return ignore("jwk_not_p256");
  if (!isForSignatures(jwk)) return ignore("jwk_not_for_signatures");
  if (!isUsableKid(version)) return ignore("jwk_kid_unusable");
  if ("d" in jwk) return ignore("jwk_private_key_exposed");
  if (typeof x !== "string" || typeof y !== "string") return ignore("jwk_point_invalid");
  try {
    return { version, publicKeyPem: pemOfPoint(x, y) };
  } catch {
    return ignore("jwk_point_invalid");
  }
}

function isForSignatures({ use, key_ops: operations, alg }: Readonly<Record<string, unknown>>): boolean {
  if (use !== undefined && use !== "sig") return false;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes("verify"))) return false;
  return alg === undefined || alg === "ES256";
}

function isUsableKid(kid: string): boolean {
  return kid !== "" && kid.length <= MAX_KID_LENGTH && kid.isWellFormed() && !kid.includes("\0");
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unreadable(why: string): CodedError<JwksErrorCode> {
  return new CodedError("jwks_unreadable", why);
}
