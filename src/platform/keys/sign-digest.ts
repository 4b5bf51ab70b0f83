// ECDSA on P-256 over a digest that somebody else has computed (KS 1.6).
//
// Node signs messages only: it always hashes what it is given. So the formula stands here. Node's OpenSSL multiplies the
// curve point; the nonce is derived from key and digest (RFC 6979), so that it never repeats for another digest and the
// same archive always gets the same signature.

import { createECDH, createHmac, type KeyObject, randomBytes } from "node:crypto";
import { CodedError } from "../../core/coded-error.ts";
import type { SigningKeyErrorCode } from "./signing-keys.ts";

/** The number of points on P-256 (FIPS 186-4, D.1.2.3). */
const ORDER = 0xffffffff_00000000_ffffffff_ffffffff_bce6faad_a7179e84_f3b9cac2_fc632551n;
const LENGTH = 32;

/** Signs a SHA-256 digest with a private key on P-256; answers ASN.1 DER. Throws `signing_key_unusable` for other keys. */
export function signDigest(privateKey: KeyObject, digest: Uint8Array): Uint8Array {
  if (digest.length !== LENGTH) throw new RangeError("a SHA-256 digest has 32 bytes");
  const secret = secretOf(privateKey);
  const hashed = toNumber(digest) % ORDER;
  for (const nonce of drawNonces(secret, hashed)) {
    const r = xOfMultiple(nonce) % ORDER;
    const s = blindedQuotient(nonce, hashed, r, toNumber(secret));
    if (r !== 0n && s !== 0n) return encodeSignature(r, s);
  }
  throw new Error("unreachable: nonces do not run out");
}

function secretOf(privateKey: KeyObject): Buffer {
  const { kty, crv, d } = privateKey.export({ format: "jwk" });
  if (kty !== "EC" || crv !== "P-256" || d === undefined) {
    throw new CodedError<SigningKeyErrorCode>("signing_key_unusable", "The signing key is not a private key on P-256.");
  }
  return Buffer.from(d, "base64url");
}

/** RFC 6979, 3.2, with SHA-256: an endless sequence, of which the first is nearly always taken. */
function* drawNonces(secret: Uint8Array, hashed: bigint): Generator<bigint> {
  const seed = Buffer.concat([secret, toBytes(hashed)]);
  let value: Buffer = Buffer.alloc(LENGTH, 1);
  let hmacKey: Buffer = Buffer.alloc(LENGTH, 0);
  const rekey = (separator: number, more: Uint8Array) => {
    hmacKey = hmac(hmacKey, Buffer.concat([value, Buffer.of(separator), more]));
    value = hmac(hmacKey, value);
  };
  rekey(0, seed);
  rekey(1, seed);
  for (;;) {
    value = hmac(hmacKey, value);
    const candidate = toNumber(value);
    if (candidate > 0n && candidate < ORDER) yield candidate;
    rekey(0, Buffer.alloc(0));
  }
}

function hmac(hmacKey: Uint8Array, data: Uint8Array): Buffer {
  return createHmac("sha256", hmacKey).update(data).digest();
}

function xOfMultiple(factor: bigint): bigint {
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(toBytes(factor));
  return toNumber(curve.getPublicKey().subarray(1, 1 + LENGTH));
}

/** (hashed + r * secret) / nonce; secrets are multiplied by a random number first, because BigInt takes telltale time. */
function blindedQuotient(nonce: bigint, hashed: bigint, r: bigint, secret: bigint): bigint {
  const blind = (toNumber(randomBytes(LENGTH)) % (ORDER - 1n)) + 1n;
  const blindedSum = (blind * hashed + ((blind * r) % ORDER) * secret) % ORDER;
  return (blindedSum * invert((nonce * blind) % ORDER)) % ORDER;
}

/** The inverse modulo ORDER by the extended Euclidean algorithm; `value` is not 0. */
function invert(value: bigint): bigint {
  let [high, low] = [ORDER, value];
  let [previous, current] = [0n, 1n];
  while (low !== 0n) {
    const quotient = high / low;
    [high, low] = [low, high - quotient * low];
    [previous, current] = [current, previous - quotient * current];
  }
  return ((previous % ORDER) + ORDER) % ORDER;
}

/** SEQUENCE of two INTEGERs; with at most 72 bytes no length needs more than one byte. */
function encodeSignature(r: bigint, s: bigint): Uint8Array {
  const content = Buffer.concat([encodeInteger(r), encodeInteger(s)]);
  return new Uint8Array(Buffer.concat([Buffer.of(0x30, content.length), content]));
}

function encodeInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const whole = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, "hex");
  const content = (whole[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), whole]) : whole;
  return Buffer.concat([Buffer.of(0x02, content.length), content]);
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString("hex")}`);
}

function toBytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * LENGTH, "0"), "hex");
}
