// The order in which keys go into an archive: the one that DEFLATE likes and that links nobody's keys.

import { KEY_LENGTH } from "../core/exposure-key.ts";
import { type KeyBatch, RECORD_LENGTH } from "../core/key-batch.ts";
import { pick } from "../core/sort-keys.ts";

/** The bytes of a record from the least significant on: the key bytes from last to first, then the metadata likewise. */
const LEAST_SIGNIFICANT_FIRST = Array.from(
  { length: RECORD_LENGTH },
  (_, index) => (KEY_LENGTH - 1 - index + RECORD_LENGTH) % RECORD_LENGTH,
);

/**
 * The same keys, grouped by metadata and within a group by key bytes, both ascending. The order depends on the set
 * alone, so it tells nothing about who uploaded what (KS 1.7). A radix sort of positions: linear, no object per key.
 */
export function orderKeys(batch: KeyBatch): KeyBatch {
  let order = new Uint32Array(batch.length);
  let spare = new Uint32Array(batch.length);
  for (let index = 0; index < order.length; index++) order[index] = index;
  for (const byte of LEAST_SIGNIFICANT_FIRST) {
    if (sortByByte(batch.bytes, byte, order, spare)) [order, spare] = [spare, order];
  }
  return pick(batch, order);
}

/** Writes the positions `from` into `to`, stably sorted by one byte of each record; false where all bytes are equal. */
function sortByByte(bytes: Uint8Array, byte: number, from: Uint32Array, to: Uint32Array): boolean {
  const counts = new Uint32Array(256);
  for (let at = byte; at < bytes.length; at += RECORD_LENGTH) {
    const value = bytes[at] ?? 0;
    counts[value] = (counts[value] ?? 0) + 1;
  }
  if (counts.includes(from.length)) return false;
  const next = startsOf(counts);
  for (const position of from) {
    const value = bytes[position * RECORD_LENGTH + byte] ?? 0;
    const place = next[value] ?? 0;
    to[place] = position;
    next[value] = place + 1;
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
