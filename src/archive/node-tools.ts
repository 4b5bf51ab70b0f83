// What the format needs from Node: hashing, signatures, checksums and DEFLATE. The only file here with Node modules.

import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { promisify } from "node:util";
import { crc32, deflateRaw, type InflateRaw, inflateRaw } from "node:zlib";
import type { ArchiveTools, P256PublicKey } from "./archive-types.ts";

const DEFLATE_OPTIONS = { level: 6, memLevel: 9, chunkSize: 256 * 1024 };
const INFLATE_OPTIONS = { chunkSize: 256 * 1024, info: true };
const ONE_PEM_BLOCK = /^-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----$/;

const deflateRawAsync = promisify<Uint8Array, typeof DEFLATE_OPTIONS, Buffer>(deflateRaw);

export const nodeArchiveTools: ArchiveTools = {
  sha256: (bytes) => createHash("sha256").update(bytes).digest(),
  crc32: (bytes) => crc32(bytes),
  deflate: (bytes) => deflateRawAsync(bytes, DEFLATE_OPTIONS),
  inflate: inflateExactly,
  p256Pem: (pem) => parseP256(pem)?.export({ type: "spki", format: "pem" }).toString() ?? null,
  verify: verifySignature,
};

/** Node passes over bytes behind the end of a raw stream, so the number of bytes that it used is compared. */
function inflateExactly(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  inflateRaw(bytes, { ...INFLATE_OPTIONS, maxOutputLength: Math.max(maxBytes, 1) }, (error, result) => {
    if (error !== null) return reject(error);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the option `info` makes of the result
    const { buffer, engine } = result as unknown as { buffer: Buffer; engine: InflateRaw };
    if (engine.bytesWritten !== bytes.length) return reject(new RangeError("bytes follow the end of the stream"));
    if (buffer.length > maxBytes) return reject(new RangeError("the output is too large"));
    resolve(buffer);
  });
  return promise;
}

function parseP256(text: string): KeyObject | null {
  const pem = text.trim();
  // Node would also take the public half of a private key or of a certificate.
  if (!ONE_PEM_BLOCK.test(pem)) return null;
  try {
    const parsed = createPublicKey({ key: pem, format: "pem", type: "spki" });
    return parsed.asymmetricKeyDetails?.namedCurve === "prime256v1" ? parsed : null;
  } catch {
    return null;
  }
}

function verifySignature(publicKey: P256PublicKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify("sha256", bytes, createPublicKey(publicKey.pem), signature);
  } catch {
    return false;
  }
}
