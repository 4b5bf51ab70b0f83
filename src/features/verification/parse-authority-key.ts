// One way to write a public key, however it came, so that equal keys have equal texts.

import { createPublicKey } from "node:crypto";
import type { ArchiveTools } from "../../archive/archive-types.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";

/** SubjectPublicKeyInfo in PEM with an uncompressed point. Throws `public_key_invalid` unless it is on P-256 (KS P23). */
export function parseAuthorityKey(pem: string, tools: ArchiveTools): string {
  const { x = "", y = "" } = createPublicKey(parsePublicKey(pem, tools).pem).export({ format: "jwk" });
  return pemOfPoint(x, y);
}

/** The same of a JWK's coordinates in base64url. Throws where they are no point on P-256. */
export function pemOfPoint(x: string, y: string): string {
  const point = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  return point.export({ type: "spki", format: "pem" });
}
