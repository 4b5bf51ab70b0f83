// What a simulated phone needs from outside: decompression, checksum and signature check, so that its judgement stays pure.

import type { P256PublicKey } from "../archive/archive-types.ts";

export type SignatureHash = "sha256" | "sha512";

export interface PhoneTools {
  /**
   * Raw DEFLATE from the start of `bytes`; answers the output and how many bytes the stream took.
   * Throws for a damaged stream and for more than `maxBytes` of output.
   */
  inflatePrefix(bytes: Uint8Array, maxBytes: number): { readonly output: Uint8Array; readonly consumed: number };
  crc32(bytes: Uint8Array): number;
  sha256Hex(bytes: Uint8Array): string;
  /** ECDSA; `signature` is ASN.1 DER. False for anything unusable, never throws. */
  verify(publicKey: P256PublicKey, hash: SignatureHash, bytes: Uint8Array, signature: Uint8Array): boolean;
}
