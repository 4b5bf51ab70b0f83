// What the format needs from Node: hashing, signatures, checksums and DEFLATE. The only file here with Node modules.

import { createHash, createPublicKey, createVerify, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { constants, crc32, deflateRaw, type InflateRaw, inflateRaw, type ZlibOptions } from "node:zlib";
import { releaseBytes } from "../core/release-bytes.ts";
import type { ArchiveTools, SignatureCandidate } from "./archive-types.ts";

const SMALLEST_CHUNK = 64;
const SEGMENT_BYTES = 1024 * 1024;
/** What is hashed without a pause: a few milliseconds. */
const SLICE_BYTES = 1024 * 1024;
/** How far back DEFLATE refers. */
const WINDOW_BYTES = 32 * 1024;
const ONE_PEM_BLOCK = /^-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----$/;

const deflateRawAsync = promisify<Uint8Array, ZlibOptions, Buffer>(deflateRaw);

export const nodeArchiveTools: ArchiveTools = {
  sha256,
  sha256AtOnce: (bytes) => createHash("sha256").update(bytes).digest(),
  crc32: crc32InSlices,
  deflate: deflateInSegments,
  inflate: inflateExactly,
  p256Pem: (pem) => parseP256(pem)?.export({ type: "spki", format: "pem" }).toString() ?? null,
  verify,
  letOthersWork,
};

function letOthersWork(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Calls `take` with one part of `bytes` after the other, and lets others work in between. */
async function inSlices(bytes: Uint8Array, length: number, take: (slice: Uint8Array) => void): Promise<void> {
  for (let start = 0; start < bytes.length; start += length) {
    if (start > 0) await letOthersWork();
    take(bytes.subarray(start, start + length));
  }
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  const hash = createHash("sha256");
  await inSlices(bytes, SLICE_BYTES, (slice) => hash.update(slice));
  return hash.digest();
}

async function crc32InSlices(bytes: Uint8Array): Promise<number> {
  let sum = 0;
  await inSlices(bytes, SLICE_BYTES, (slice) => {
    sum = crc32(slice, sum);
  });
  return sum;
}

/**
 * One stream, made of segments that several threads compress at once. Each continues where the one before ended, with its
 * last bytes as a dictionary, so the stream is hardly longer for it; where it is cut depends on nothing but its length.
 */
async function deflateInSegments(bytes: Uint8Array): Promise<Uint8Array> {
  const segments: Promise<Buffer>[] = [];
  for (let start = 0; start === 0 || start < bytes.length; start += SEGMENT_BYTES) {
    const segment = bytes.subarray(start, start + SEGMENT_BYTES);
    const isLast = start + SEGMENT_BYTES >= bytes.length;
    const options = {
      level: 6,
      memLevel: 9,
      chunkSize: chunkFor(segment.length),
      finishFlush: isLast ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    };
    const dictionary = bytes.subarray(Math.max(0, start - WINDOW_BYTES), start);
    segments.push(deflateRawAsync(segment, start === 0 ? options : { ...options, dictionary }));
  }
  const parts = await Promise.all(segments);
  const whole = Buffer.concat(parts);
  for (const part of parts) releaseBytes(part);
  return whole;
}

/** All output in one piece: many would be copied together at the end, and leave holes in the memory. */
function chunkFor(length: number): number {
  return Math.max(length + 1, SMALLEST_CHUNK);
}

/** Node passes over bytes behind the end of a raw stream, so the number of bytes that it used is compared. */
function inflateExactly(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  inflateRaw(
    bytes,
    { chunkSize: chunkFor(maxBytes), info: true, maxOutputLength: Math.max(maxBytes, 1) },
    (error, result) => {
      if (error !== null) return reject(error);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what the option `info` makes of the result
      const { buffer, engine } = result as unknown as { buffer: Buffer; engine: InflateRaw };
      if (engine.bytesWritten !== bytes.length) return reject(new RangeError("bytes follow the end of the stream"));
      if (buffer.length > maxBytes) return reject(new RangeError("the output is too large"));
      resolve(buffer);
    },
  );
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

/** Node signs and verifies nothing but what it hashes itself, so each candidate has a hash of its own. */
async function verify(bytes: Uint8Array, candidates: readonly SignatureCandidate[]): Promise<boolean[]> {
  const verifiers = candidates.map(() => createVerify("sha256"));
  await inSlices(bytes, Math.ceil(SLICE_BYTES / Math.max(candidates.length, 1)), (slice) => {
    for (const verifier of verifiers) verifier.update(slice);
  });
  return candidates.map(({ publicKey, signature }, index) => {
    try {
      return verifiers[index]?.verify(createPublicKey(publicKey.pem), signature) ?? false;
    } catch {
      return false;
    }
  });
}
