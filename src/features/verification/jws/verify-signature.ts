// ES256: ECDSA on P-256 with SHA-256, the signature as R and S behind each other (RFC 7518, 3.4).

import { Buffer } from "node:buffer";
import { type KeyObject, verify } from "node:crypto";

/** Verifies on another thread: a tenth of a millisecond that the event loop does not wait for. */
export function verifySignature(publicKey: KeyObject, signedText: string, signature: Uint8Array): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  const bytes = Buffer.from(signedText, "latin1");
  verify("sha256", bytes, { key: publicKey, dsaEncoding: "ieee-p1363" }, signature, (error, isGood) => {
    if (error === null) resolve(isGood);
    else reject(error);
  });
  return promise;
}
