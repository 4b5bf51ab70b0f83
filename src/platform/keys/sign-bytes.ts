// ECDSA with SHA-256 by OpenSSL, off the main thread.

import { type KeyObject, sign } from "node:crypto";
import { promisify } from "node:util";

const signAsync = promisify(sign);

/** Hashes `bytes` and signs; the answer is ASN.1 DER. */
export async function signBytes(privateKey: KeyObject, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await signAsync("sha256", bytes, privateKey));
}
