// Takes a compact JWS apart (RFC 7515): strict in everything, since what is signed twice is read only once.

import { Buffer } from "node:buffer";
import { refusal } from "../verification-types.ts";
import { findDoubledMember } from "./find-doubled-member.ts";

export interface ParsedJws {
  readonly kid: string;
  readonly claims: Readonly<Record<string, unknown>>;
  /** Header and payload as they were signed. */
  readonly signedText: string;
  /** R and S, 32 bytes each. */
  readonly signature: Uint8Array;
}

/** Ten times what a verification server makes. */
export const MAX_JWS_LENGTH = 8_192;
const SIGNATURE_LENGTH = 64;

/**
 * Takes three segments of base64url as the encoder makes it, with an ES256 header that names its key. Nothing is
 * believed yet. Throws the `jwt_` codes up to `jwt_kid_missing`.
 */
export function parseJws(text: string): ParsedJws {
  if (text.length > MAX_JWS_LENGTH) throw refusal("jwt_too_large", `it has more than ${MAX_JWS_LENGTH} characters`);
  const [header = "", payload = "", signature = "", ...more] = text.split(".");
  if (more.length > 0) throw refusal("jwt_malformed", "it has more than three segments");
  const kid = readKid(parseObject(header, "header"));
  const claims = parseObject(payload, "payload");
  const signatureBytes = decodeSegment(signature, "signature");
  if (signatureBytes.length !== SIGNATURE_LENGTH) throw refusal("jwt_malformed", "the signature has not 64 bytes");
  return { kid, claims, signedText: `${header}.${payload}`, signature: signatureBytes };
}

function readKid(header: Readonly<Record<string, unknown>>): string {
  const { alg, typ, crit, kid } = header;
  if (alg !== "ES256") throw refusal("jwt_algorithm_unsupported", "the algorithm is not ES256");
  if (typ !== undefined && (typeof typ !== "string" || typ.toUpperCase() !== "JWT")) {
    throw refusal("jwt_type_unsupported", "the type is not JWT");
  }
  if (crit !== undefined) throw refusal("jwt_critical_unsupported", "it asks for extensions that nobody here knows");
  if (typeof kid !== "string" || kid === "") throw refusal("jwt_kid_missing", "the header names no key");
  return kid;
}

function parseObject(segment: string, what: string): Readonly<Record<string, unknown>> {
  const text = decodeText(decodeSegment(segment, what), what);
  const value = parseJson(text, what);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw refusal("jwt_malformed", `the ${what} is no JSON object`);
  }
  if (findDoubledMember(text) !== null) throw refusal("jwt_malformed", `the ${what} has a member twice`);
  return value as Readonly<Record<string, unknown>>;
}

/** A changed character would go unnoticed where it changes only bits behind the last byte, so those have to be zero. */
function decodeSegment(segment: string, what: string): Buffer {
  const bytes = Buffer.from(segment, "base64url");
  if (bytes.toString("base64url") !== segment) throw refusal("jwt_malformed", `the ${what} is no base64url`);
  return bytes;
}

const strictUtf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decodeText(bytes: Uint8Array, what: string): string {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    throw refusal("jwt_malformed", `the ${what} is no UTF-8`);
  }
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal("jwt_malformed", `the ${what} is no JSON`);
  }
}
