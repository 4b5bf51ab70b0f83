// The order in which keys go into an archive: the one that DEFLATE likes and that links nobody's keys.

import { KEY_LENGTH } from "../core/exposure-key.ts";
import { type KeyBatch, RECORD_LENGTH } from "../core/key-batch.ts";
import { MOVED_AT_ONCE, moveToPlaces, pickInSteps, sortPositions } from "../core/sort-keys.ts";
import { runSteps, type Steps } from "../core/steps.ts";

/** The bytes of the metadata from the least significant on. */
const METADATA = Array.from({ length: RECORD_LENGTH - KEY_LENGTH }, (_, index) => RECORD_LENGTH - 1 - index);

/**
 * The same keys, grouped by metadata and within a group by key bytes, both ascending. The order depends on the set
 * alone, so it tells nothing about who uploaded what (KS 1.7). Sorted by key bytes, then a stable radix sort of the
 * metadata, most of whose bytes are the same in all keys.
 */
export function orderKeys(batch: KeyBatch): KeyBatch {
  return runSteps(orderInSteps(batch));
}

/** `orderKeys` in steps. */
export function* orderInSteps(batch: KeyBatch): Steps<KeyBatch> {
  let order: Uint32Array = yield* sortPositions(batch);
  let spare: Uint32Array = new Uint32Array(batch.length);
  for (const byte of METADATA) {
    yield;
    if (yield* sortByByte(batch.bytes, byte, order, spare)) [order, spare] = [spare, order];
  }
  yield;
  return yield* pickInSteps(batch, order);
}

/** Writes the positions `from` into `to`, stably sorted by one byte of each record; false where all bytes are equal. */
function* sortByByte(bytes: Uint8Array, byte: number, from: Uint32Array, to: Uint32Array): Steps<boolean> {
  const counts = new Uint32Array(256);
  for (let at = byte; at < bytes.length; at += RECORD_LENGTH) {
    const value = bytes[at] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  if (counts.includes(from.length)) return false;
  const next = startsOf(counts);
  for (let start = 0; start < from.length; start += MOVED_AT_ONCE) {
    yield;
    const positions = from.subarray(start, start + MOVED_AT_ONCE);
    moveToPlaces(positions, to, next, (position) => bytes[position * RECORD_LENGTH + byte] ?? 0);
  }
  return true;
}

function startsOf(counts: Uint32Array): Uint32Array {
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return sum - count;
  });
}
