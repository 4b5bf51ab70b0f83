// Giving large arrays back at once instead of when the garbage collector comes round.

/** Smaller ones may lie in a buffer that others share, and are not worth it. */
const LARGE_BYTES = 1024 * 1024;

/**
 * Gives back the memory of `bytes`, which nobody needs any more, together with whatever else lies in the same buffer;
 * nothing where that is small. Of an archive many megabytes would still be there while the next one is read, and the
 * process would grow by them. Who made the bytes may do this; all views of them are empty afterwards.
 */
export function releaseBytes({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength >= LARGE_BYTES) buffer.transfer(0);
}
