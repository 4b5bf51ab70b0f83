// Reads from a bucket's answer as much as its reader has room for; more stays with the service.

import type { BlobReader } from "../blob-store.ts";
import { BucketError, type BucketStream } from "./bucket.ts";

/** A service that sends nothing for so long has died. */
const SILENCE_MILLISECONDS = 30_000;

/** Throws BucketError where the stream ends before `byteCount`, fails or falls silent. */
export function readerOfStream(stream: BucketStream, byteCount: number): BlobReader {
  const pieces = stream[Symbol.asyncIterator]();
  let left: Uint8Array = new Uint8Array(0);
  let missing = byteCount;
  return {
    async readInto(into) {
      if (missing === 0) return 0;
      while (left.length === 0) left = await nextPiece(pieces);
      const piece = left.subarray(0, Math.min(into.length, missing));
      into.set(piece);
      left = left.subarray(piece.length);
      missing -= piece.length;
      return piece.length;
    },
    async close() {
      stream.destroy();
    },
  };
}

async function nextPiece(pieces: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  const silent = Promise.withResolvers<never>();
  const timer = setTimeout(() => silent.reject(cutShort("it fell silent")), SILENCE_MILLISECONDS);
  try {
    const { done, value } = await Promise.race([pieces.next(), silent.promise]);
    if (done === true) throw cutShort("it ended early");
    return value;
  } catch (error) {
    throw error instanceof BucketError ? error : cutShort(String(error));
  } finally {
    clearTimeout(timer);
  }
}

function cutShort(why: string): BucketError {
  return new BucketError("away", null, `the object was cut short: ${why}`);
}
