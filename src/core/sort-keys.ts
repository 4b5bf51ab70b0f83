// Sorting a batch by key bytes: the order for merging with another batch, and for taking row locks without deadlock.

import { KeyBatch, RECORD_LENGTH } from "./key-batch.ts";

// The first 31 bits of a key and its position share one float64, so that the numeric sort of the runtime does the work.
// No archive within the limits of reading holds as many keys as there are positions.
const POSITIONS = 2 ** 22;

/** The positions of the batch's keys in ascending order of their bytes; equal keys stay in order. At most 2^22 keys. */
export function sortedPositions(batch: KeyBatch): Uint32Array {
  if (batch.length > POSITIONS) throw new RangeError(`at most ${POSITIONS} keys can be sorted at once`);
  const { bytes, length } = batch;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const combined = new Float64Array(length);
  for (let index = 0; index < length; index++) {
    combined[index] = (view.getUint32(index * RECORD_LENGTH) >>> 1) * POSITIONS + index;
  }
  combined.sort();
  const positions = Uint32Array.from(combined, (value) => value % POSITIONS);
  orderEqualPrefixes(batch, combined, positions);
  return positions;
}

/** The batch with its keys in ascending order of their bytes. */
export function sortByKeyData(batch: KeyBatch): KeyBatch {
  return pick(batch, sortedPositions(batch));
}

/** The records at `positions`, in that order. */
export function pick(batch: KeyBatch, positions: ArrayLike<number>): KeyBatch {
  const bytes = new Uint8Array(positions.length * RECORD_LENGTH);
  for (let index = 0; index < positions.length; index++) {
    bytes.set(batch.record(positions[index] ?? 0), index * RECORD_LENGTH);
  }
  return new KeyBatch(bytes);
}

/** Compares key `a` of one batch with key `b` of another: negative, zero or positive. */
export function compareKeyData(batchA: KeyBatch, a: number, batchB: KeyBatch, b: number): number {
  const atA = a * RECORD_LENGTH;
  const atB = b * RECORD_LENGTH;
  for (let index = 0; index < 16; index++) {
    const difference = (batchA.bytes[atA + index] ?? 0) - (batchB.bytes[atB + index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function orderEqualPrefixes(batch: KeyBatch, combined: Float64Array, positions: Uint32Array): void {
  const prefix = (index: number) => Math.floor((combined[index] ?? 0) / POSITIONS);
  for (let start = 0; start < positions.length; ) {
    let end = start + 1;
    while (end < positions.length && prefix(end) === prefix(start)) end++;
    if (end - start > 1) {
      positions.subarray(start, end).sort((a, b) => compareKeyData(batch, a, batch, b) || a - b);
    }
    start = end;
  }
}
