// Records of a key batch with an instant behind each, for bulk SQL.

import type { UnixSeconds } from "../../core/clock.ts";
import { type KeyBatch, RECORD_LENGTH } from "../../core/key-batch.ts";

export const TIMED_RECORD_LENGTH = RECORD_LENGTH + 4;

/** 28-byte records: the 24 of the batch, then `at(index)` as uint32. */
export function withTimes(batch: KeyBatch, at: (index: number) => UnixSeconds): Uint8Array {
  const records = new Uint8Array(batch.length * TIMED_RECORD_LENGTH);
  const view = new DataView(records.buffer);
  for (let index = 0; index < batch.length; index++) {
    records.set(batch.record(index), index * TIMED_RECORD_LENGTH);
    view.setUint32(index * TIMED_RECORD_LENGTH + RECORD_LENGTH, at(index));
  }
  return records;
}
