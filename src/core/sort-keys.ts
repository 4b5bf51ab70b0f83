// Sorting a batch by key bytes: the order for merging with another batch, and for taking row locks without deadlock.

import { KeyBatch, RECORD_LENGTH } from "./key-batch.ts";

/** The digits by which keys are sorted, of 11 bits each, the least significant first: few enough counters for the cache. */
const SHIFTS = [0, 11, 22];
const DIGITS = 2 ** 11;

/**
 * The positions of the batch's keys in ascending order of their bytes; equal keys stay in order. A radix sort by the first
 * four bytes, which are nearly always different.
 */
export function sortedPositions(batch: KeyBatch): Uint32Array {
  let positions = inGivenOrder(batch.length);
  if (isSorted(batch)) return positions;
  const prefixes = prefixesOf(batch);
  let spare: Uint32Array = new Uint32Array(batch.length);
  for (const shift of SHIFTS) {
    sortByDigit(prefixes, shift, positions, spare);
    [positions, spare] = [spare, positions];
  }
  orderEqualPrefixes(batch, prefixes, positions);
  return positions;
}

/** The first four bytes of each key as a number, in the order of the batch. */
export function prefixesOf({ bytes, length }: KeyBatch): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const prefixes = new Uint32Array(length);
  for (let index = 0; index < length; index++) prefixes[index] = view.getUint32(index * RECORD_LENGTH);
  return prefixes;
}

/** Writes the positions `from` into `to`, stably sorted by one digit of their prefixes. */
function sortByDigit(prefixes: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): void {
  const next = new Uint32Array(DIGITS + 1);
  const digitOf = (position: number) => ((prefixes[position] ?? 0) >>> shift) & (DIGITS - 1);
  for (let position = 0; position < prefixes.length; position++) {
    const digit = digitOf(position) + 1;
    next[digit] = (next[digit] ?? 0) + 1;
  }
  for (let digit = 1; digit < DIGITS; digit++) next[digit] = (next[digit] ?? 0) + (next[digit - 1] ?? 0);
  for (let index = 0; index < from.length; index++) {
    const position = from[index] ?? 0;
    const digit = digitOf(position);
    const place = next[digit] ?? 0;
    to[place] = position;
    next[digit] = place + 1;
  }
}

/** The batch with its keys in ascending order of their bytes; itself where they are so already. */
export function sortByKeyData(batch: KeyBatch): KeyBatch {
  return isSorted(batch) ? batch : pick(batch, sortedPositions(batch));
}

/** Whether any key data stands in the batch twice. */
export function hasRepeats(batch: KeyBatch): boolean {
  const positions = sortedPositions(batch);
  for (let index = 1; index < positions.length; index++) {
    if (compareKeyData(batch, positions[index] ?? 0, batch, positions[index - 1] ?? 0) === 0) return true;
  }
  return false;
}

function inGivenOrder(length: number): Uint32Array {
  const positions = new Uint32Array(length);
  for (let index = 0; index < length; index++) positions[index] = index;
  return positions;
}

function isSorted(batch: KeyBatch): boolean {
  for (let index = 1; index < batch.length; index++) {
    if (compareKeyData(batch, index, batch, index - 1) < 0) return false;
  }
  return true;
}

/** The records at `positions`, in that order. */
export function pick(batch: KeyBatch, positions: ArrayLike<number>): KeyBatch {
  const bytes = new Uint8Array(positions.length * RECORD_LENGTH);
  // Byte by byte: a view of each record would cost several times as much.
  for (let index = 0; index < positions.length; index++) {
    const from = (positions[index] ?? 0) * RECORD_LENGTH;
    const to = index * RECORD_LENGTH;
    for (let byte = 0; byte < RECORD_LENGTH; byte++) bytes[to + byte] = batch.bytes[from + byte] ?? 0;
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

function orderEqualPrefixes(batch: KeyBatch, prefixes: Uint32Array, positions: Uint32Array): void {
  const prefix = (index: number) => prefixes[positions[index] ?? 0];
  for (let start = 0; start < positions.length; ) {
    let end = start + 1;
    while (end < positions.length && prefix(end) === prefix(start)) end++;
    if (end - start > 1) {
      positions.subarray(start, end).sort((a, b) => compareKeyData(batch, a, batch, b) || a - b);
    }
    start = end;
  }
}
