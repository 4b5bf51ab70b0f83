// Tokens of principals: 256 random bits, of which only a digest is kept.

import { createHash } from "node:crypto";
import type { Random } from "../../core/random.ts";

/** `enks_` and 43 characters; the prefix lets people and scanners know what they have found. */
export function createToken(random: Random): string {
  return `enks_${random.bytes(32).toBase64({ alphabet: "base64url", omitPadding: true })}`;
}

/** A digest without salt or stretching is enough: nobody guesses 256 bits. */
export function digestToken(token: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(token).digest());
}
