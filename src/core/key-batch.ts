// Many exposure keys as one packed byte array, so that half a million cost 12 MB and pass to SQL without objects.
//
// One record is 24 bytes, big-endian:
//   0..15 key data | 16..19 rolling start (uint32) | 20 rolling period | 21 transmission risk (255 absent)
//   22 report type (0 absent) | 23 days since onset + 100 (255 absent)

import type { ExposureKey, ReportType } from "./exposure-key.ts";
import { releaseBytes } from "./release-bytes.ts";

export const RECORD_LENGTH = 24;
const ABSENT = 255;
const ONSET_OFFSET = 100;
const REPORT_TYPES: readonly (ReportType | null)[] = [null, 1, 2, 3, null, 5];

/** Immutable by convention: nobody writes to `bytes` after construction. */
export class KeyBatch {
  readonly bytes: Uint8Array;
  readonly length: number;
  private readonly view: DataView;

  /** `bytes` holds whole records in the layout above whose values passed `refusalOfForm`. */
  constructor(bytes: Uint8Array) {
    if (bytes.length % RECORD_LENGTH !== 0) throw new RangeError("a key batch holds whole records");
    this.bytes = bytes;
    this.length = bytes.length / RECORD_LENGTH;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  static readonly empty = new KeyBatch(new Uint8Array(0));

  static from(keys: Iterable<ExposureKey>): KeyBatch {
    const builder = new KeyBatchBuilder();
    for (const key of keys) builder.add(key);
    return builder.build();
  }

  /** All keys of the batches, one batch behind the other; a copy unless only one has any. */
  static concat(batches: readonly KeyBatch[]): KeyBatch {
    const [only = KeyBatch.empty, ...others] = batches.filter(({ length }) => length > 0);
    if (others.length === 0) return only;
    const bytes = new Uint8Array(batches.reduce((length, batch) => length + batch.bytes.length, 0));
    let at = 0;
    for (const batch of batches) {
      bytes.set(batch.bytes, at);
      at += batch.bytes.length;
    }
    return new KeyBatch(bytes);
  }

  /** A view of one record, not a copy. */
  record(index: number): Uint8Array {
    return this.bytes.subarray(index * RECORD_LENGTH, (index + 1) * RECORD_LENGTH);
  }

  /** A view of the 16 key bytes, not a copy. */
  keyData(index: number): Uint8Array {
    return this.bytes.subarray(index * RECORD_LENGTH, index * RECORD_LENGTH + 16);
  }

  /** The key bytes as lower-case hex: something to put in a Map. */
  keyHex(index: number): string {
    return this.keyData(index).toHex();
  }

  rollingStart(index: number): number {
    return this.view.getUint32(index * RECORD_LENGTH + 16);
  }

  rollingPeriod(index: number): number {
    return this.view.getUint8(index * RECORD_LENGTH + 20);
  }

  transmissionRisk(index: number): number | null {
    const value = this.view.getUint8(index * RECORD_LENGTH + 21);
    return value === ABSENT ? null : value;
  }

  reportType(index: number): ReportType | null {
    return REPORT_TYPES[this.view.getUint8(index * RECORD_LENGTH + 22)] ?? null;
  }

  daysSinceOnset(index: number): number | null {
    const value = this.view.getUint8(index * RECORD_LENGTH + 23);
    return value === ABSENT ? null : value - ONSET_OFFSET;
  }

  at(index: number): ExposureKey {
    return {
      keyData: this.keyData(index),
      rollingStart: this.rollingStart(index),
      rollingPeriod: this.rollingPeriod(index),
      transmissionRisk: this.transmissionRisk(index),
      reportType: this.reportType(index),
      daysSinceOnset: this.daysSinceOnset(index),
    };
  }

  /** The records from `start` up to, not including, `end`; a view. */
  slice(start: number, end: number): KeyBatch {
    return new KeyBatch(this.bytes.subarray(start * RECORD_LENGTH, Math.min(end, this.length) * RECORD_LENGTH));
  }

  *[Symbol.iterator](): Iterator<ExposureKey> {
    for (let index = 0; index < this.length; index++) yield this.at(index);
  }
}

/** Collects records into one growing array. */
export class KeyBatchBuilder {
  private bytes: Uint8Array;
  private count = 0;

  /** With room for `expected` keys; with the right number nothing is ever copied. */
  constructor(expected = 64) {
    this.bytes = new Uint8Array(RECORD_LENGTH * expected);
  }

  get length(): number {
    return this.count;
  }

  add(key: ExposureKey): void {
    const at = this.room();
    const { bytes } = this;
    bytes.set(key.keyData, at);
    // Byte by byte: a DataView for each key would cost more than all else.
    bytes[at + 16] = key.rollingStart >>> 24;
    bytes[at + 17] = key.rollingStart >>> 16;
    bytes[at + 18] = key.rollingStart >>> 8;
    bytes[at + 19] = key.rollingStart;
    bytes[at + 20] = key.rollingPeriod;
    bytes[at + 21] = key.transmissionRisk ?? ABSENT;
    bytes[at + 22] = key.reportType ?? 0;
    bytes[at + 23] = key.daysSinceOnset === null ? ABSENT : key.daysSinceOnset + ONSET_OFFSET;
  }

  addRecord(record: Uint8Array): void {
    const at = this.room(); // First, since making room may replace `bytes`.
    this.bytes.set(record, at);
  }

  addAll(batch: KeyBatch): void {
    this.reserve(batch.length);
    this.bytes.set(batch.bytes, this.count * RECORD_LENGTH);
    this.count += batch.length;
  }

  /** The batch so far; the builder is not to be used afterwards. */
  build(): KeyBatch {
    return new KeyBatch(this.bytes.subarray(0, this.count * RECORD_LENGTH));
  }

  private room(): number {
    this.reserve(1);
    return this.count++ * RECORD_LENGTH;
  }

  private reserve(more: number): void {
    const needed = (this.count + more) * RECORD_LENGTH;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    grown.set(this.bytes);
    releaseBytes(this.bytes);
    this.bytes = grown;
  }
}
