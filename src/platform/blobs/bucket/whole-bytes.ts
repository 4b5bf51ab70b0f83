// The whole of an answer's body: a piece that is missing is an error, never a shorter object.

import { BucketError } from "./bucket.ts";

/** Throws BucketError where the body breaks off, or is not as long as announced. */
export async function wholeBytes(
  body: AsyncIterable<Uint8Array> | undefined,
  announced: number | undefined,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  try {
    if (body !== undefined) for await (const piece of body) pieces.push(piece);
  } catch (error) {
    throw new BucketError("away", null, `the object was cut short: ${String(error)}`);
  }
  const whole = Buffer.concat(pieces);
  if (announced !== undefined && announced !== whole.length) {
    throw new BucketError("away", null, `the object was cut short after ${whole.length} bytes`);
  }
  // Not the Buffer itself: its `slice` is a view, where every other Uint8Array's is a copy.
  return new Uint8Array(whole.buffer, whole.byteOffset, whole.byteLength);
}
