// What two people compare by phone, to know that they speak of the same bytes.

import { createHash } from "node:crypto";

/** Half a line: nobody finds other bytes with the same 96 bits. */
const BYTES = 12;

/** Of bytes in base64: the beginning of their SHA-256 in hex, in groups of four. */
export function fingerprintOf(base64: string): string {
  const digest = createHash("sha256").update(Buffer.from(base64, "base64")).digest();
  return groupedHex(digest.toString("hex"));
}

/** The fingerprint of a public key in PEM, made of its DER. */
export function pemFingerprint(pem: string): string {
  return fingerprintOf(pem.replaceAll(/-----[^-]*-----|\s/g, ""));
}

/** Writes the beginning of a SHA-256, in hex, in the same form. */
export function groupedHex(digest: string): string {
  return digest.slice(0, BYTES * 2).replaceAll(/.{4}(?!$)/g, "$& ");
}
