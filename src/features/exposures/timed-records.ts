// Records of a key batch with an instant behind each, for bulk SQL.

import type { UnixSeconds } from "../../core/clock.ts";
import { type KeyBatch, RECORD_LENGTH } from "../../core/key-batch.ts";

export const TIMED_RECORD_LENGTH = RECORD_LENGTH + 4;

/** 28-byte records: the 24 of the batch, then `at(index)` as uint32. */
export function withTimes(batch: KeyBatch, at: (index: number) => UnixSeconds): Uint8Array {
  const records = new Uint8Array(batch.length * TIMED_RECORD_LENGTH);
  const view = new DataView(records.buffer);
  for (let index = 0; index < batch.length; index++) {
    const [from, to] = [index * RECORD_LENGTH, index * TIMED_RECORD_LENGTH];
    for (let byte = 0; byte < RECORD_LENGTH; byte++) records[to + byte] = batch.bytes[from + byte] ?? 0;
    view.setUint32(index * TIMED_RECORD_LENGTH + RECORD_LENGTH, at(index));
  }
  return records;
}
