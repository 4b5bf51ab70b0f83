// Sorting a batch by key bytes: the order for merging with another batch, and for taking row locks without deadlock.

import { KEY_LENGTH } from "./exposure-key.ts";
import { KeyBatch, RECORD_LENGTH } from "./key-batch.ts";
import { runSteps, type Steps } from "./steps.ts";

/** The digits by which keys are sorted, of 11 bits each, the least significant first: few enough counters for the cache. */
const SHIFTS = [0, 11, 22];
const DIGITS = 2 ** 11;
const PREFIX_LENGTH = 4;

/**
 * The positions of the batch's keys in ascending order of their bytes; equal keys stay in order. A radix sort by the first
 * four bytes, which are nearly always different.
 */
export function sortedPositions(batch: KeyBatch): Uint32Array {
  return runSteps(sortPositions(batch));
}

/** `sortedPositions` in steps. */
export function* sortPositions(batch: KeyBatch): Steps<Uint32Array> {
  let positions = inGivenOrder(batch.length);
  if (isSorted(batch)) return positions;
  yield;
  const prefixes = prefixesOf(batch);
  let spare: Uint32Array = new Uint32Array(batch.length);
  for (const shift of SHIFTS) {
    yield* sortByDigit(prefixes, shift, positions, spare);
    [positions, spare] = [spare, positions];
  }
  yield;
  yield* orderEqualPrefixes(batch, prefixes, positions);
  return positions;
}

/** The first four bytes of each key as a number, in the order of the batch. */
export function prefixesOf({ bytes, length }: KeyBatch): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const prefixes = new Uint32Array(length);
  for (let index = 0; index < length; index++) prefixes[index] = view.getUint32(index * RECORD_LENGTH);
  return prefixes;
}

/** Positions that are moved in one step: they lie anywhere in memory, which costs more than reading in order. */
export const MOVED_AT_ONCE = 100_000;

/** Writes the positions `from` into `to`, stably sorted by one digit of their prefixes. */
function* sortByDigit(prefixes: Uint32Array, shift: number, from: Uint32Array, to: Uint32Array): Steps<void> {
  const next = new Uint32Array(DIGITS + 1);
  const digitOf = (position: number) => ((prefixes[position] ?? 0) >>> shift) & (DIGITS - 1);
  for (let position = 0; position < prefixes.length; position++) {
    const digit = digitOf(position) + 1;
    next[digit] = (next[digit] ?? 0) + 1;
  }
  for (let digit = 1; digit < DIGITS; digit++) next[digit] = (next[digit] ?? 0) + (next[digit - 1] ?? 0);
  for (let start = 0; start < from.length; start += MOVED_AT_ONCE) {
    yield;
    moveToPlaces(from.subarray(start, start + MOVED_AT_ONCE), to, next, digitOf);
  }
}

/** `next`: of each digit the place for the next position that has it. */
export function moveToPlaces(
  positions: Uint32Array,
  to: Uint32Array,
  next: Uint32Array,
  digitOf: (position: number) => number,
): void {
  for (let index = 0; index < positions.length; index++) {
    const position = positions[index] ?? 0;
    const digit = digitOf(position);
    const place = next[digit] ?? 0;
    to[place] = position;
    next[digit] = place + 1;
  }
}

/** The batch with its keys in ascending order of their bytes; itself where they are so already. */
export function sortByKeyData(batch: KeyBatch): KeyBatch {
  return runSteps(sortKeys(batch));
}

/** `sortByKeyData` in steps. */
export function* sortKeys(batch: KeyBatch): Steps<KeyBatch> {
  if (isSorted(batch)) return batch;
  yield;
  const positions = yield* sortPositions(batch);
  yield;
  return yield* pickInSteps(batch, positions);
}

/** Whether any key data stands in the batch twice. */
export function hasRepeats(batch: KeyBatch): boolean {
  return runSteps(findRepeats(batch));
}

/** `hasRepeats` in steps. */
export function* findRepeats(batch: KeyBatch): Steps<boolean> {
  const positions = yield* sortPositions(batch);
  yield;
  for (let index = 1; index < positions.length; index++) {
    if (index % MOVED_AT_ONCE === 0) yield;
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
  return runSteps(pickInSteps(batch, positions));
}

/** Records that are copied in one step. */
const PICKED_AT_ONCE = 50_000;

/** `pick` in steps. */
export function* pickInSteps(batch: KeyBatch, positions: ArrayLike<number>): Steps<KeyBatch> {
  const bytes = new Uint8Array(positions.length * RECORD_LENGTH);
  for (let start = 0; start < positions.length; start += PICKED_AT_ONCE) {
    if (start > 0) yield;
    copyRecords(batch.bytes, positions, bytes, start, Math.min(start + PICKED_AT_ONCE, positions.length));
  }
  return new KeyBatch(bytes);
}

function copyRecords(from: Uint8Array, positions: ArrayLike<number>, to: Uint8Array, start: number, end: number): void {
  // Byte by byte: a view of each record would cost several times as much.
  for (let index = start; index < end; index++) {
    const fromAt = (positions[index] ?? 0) * RECORD_LENGTH;
    const toAt = index * RECORD_LENGTH;
    for (let byte = 0; byte < RECORD_LENGTH; byte++) to[toAt + byte] = from[fromAt + byte] ?? 0;
  }
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

/** Longer runs are sorted by counting, whose time does not depend on who chose the keys. */
const LONG_RUN = 1_000;
/** Positions that are sorted by comparing in one step. */
const COMPARED_AT_ONCE = 10_000;

function* orderEqualPrefixes(batch: KeyBatch, prefixes: Uint32Array, positions: Uint32Array): Steps<void> {
  const prefix = (index: number) => prefixes[positions[index] ?? 0];
  let compared = 0;
  for (let start = 0; start < positions.length; ) {
    let end = start + 1;
    while (end < positions.length && prefix(end) === prefix(start)) end++;
    if (end - start > LONG_RUN) {
      yield* sortLongRun(batch, positions.subarray(start, end));
    } else if (end - start > 1) {
      positions.subarray(start, end).sort((a, b) => compareKeyData(batch, a, batch, b) || a - b);
      compared += end - start;
    }
    if (compared >= COMPARED_AT_ONCE) {
      compared = 0;
      yield;
    }
    start = end;
  }
}

/** A stable radix sort by the bytes behind the prefix, in place. */
function* sortLongRun({ bytes }: KeyBatch, positions: Uint32Array): Steps<void> {
  const spare = new Uint32Array(positions.length);
  for (let byte = KEY_LENGTH - 1; byte >= PREFIX_LENGTH; byte--) {
    const digitOf = (position: number) => bytes[position * RECORD_LENGTH + byte] ?? 0;
    const next = new Uint32Array(257);
    for (let start = 0; start < positions.length; start += MOVED_AT_ONCE) {
      yield;
      countDigits(positions.subarray(start, start + MOVED_AT_ONCE), next, digitOf);
    }
    for (let value = 1; value < 256; value++) next[value] = (next[value] ?? 0) + (next[value - 1] ?? 0);
    for (let start = 0; start < positions.length; start += MOVED_AT_ONCE) {
      yield;
      moveToPlaces(positions.subarray(start, start + MOVED_AT_ONCE), spare, next, digitOf);
    }
    positions.set(spare);
  }
}

function countDigits(positions: Uint32Array, next: Uint32Array, digitOf: (position: number) => number): void {
  for (let index = 0; index < positions.length; index++) {
    const digit = digitOf(positions[index] ?? 0) + 1;
    next[digit] = (next[digit] ?? 0) + 1;
  }
}
