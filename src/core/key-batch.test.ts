// Tests of the packed key batch.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExposureKey, ReportType } from "./exposure-key.ts";
import { KeyBatch, KeyBatchBuilder, RECORD_LENGTH } from "./key-batch.ts";

const exposureKey: fc.Arbitrary<ExposureKey> = fc.record({
  keyData: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  rollingStart: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  rollingPeriod: fc.integer({ min: 1, max: 144 }),
  transmissionRisk: fc.option(fc.integer({ min: 0, max: 8 })),
  reportType: fc.constantFrom<ReportType | null>(null, 1, 2, 3, 5),
  daysSinceOnset: fc.option(fc.integer({ min: -14, max: 14 })),
});
// More than the 64 records for which a builder has room at first.
const exposureKeys = fc.array(exposureKey, { maxLength: 150, size: "max" });

test("keys come out as they went in", () => {
  fc.assert(
    fc.property(exposureKeys, (keys) => {
      const batch = KeyBatch.from(keys);
      expect(batch).toHaveLength(keys.length);
      expect([...batch]).toEqual(keys);
    }),
  );
});

test("each accessor answers the value of its key", () => {
  fc.assert(
    fc.property(exposureKeys, (keys) => {
      const batch = KeyBatch.from(keys);
      for (const [index, key] of keys.entries()) {
        expect(batch.keyData(index)).toEqual(key.keyData);
        expect(batch.keyHex(index)).toBe(Buffer.from(key.keyData).toString("hex"));
        expect(batch.rollingStart(index)).toBe(key.rollingStart);
        expect(batch.rollingPeriod(index)).toBe(key.rollingPeriod);
        expect(batch.transmissionRisk(index)).toBe(key.transmissionRisk);
        expect(batch.reportType(index)).toBe(key.reportType);
        expect(batch.daysSinceOnset(index)).toBe(key.daysSinceOnset);
      }
    }),
    { numRuns: 20 },
  );
});

test("adding keys, records or batches gives the same bytes", () => {
  fc.assert(
    fc.property(exposureKeys, exposureKeys, (first, second) => {
      const whole = KeyBatch.from([...first, ...second]);
      const byRecord = new KeyBatchBuilder();
      for (let index = 0; index < whole.length; index++) byRecord.addRecord(whole.record(index));
      const byBatch = new KeyBatchBuilder();
      byBatch.addAll(KeyBatch.from(first));
      byBatch.addAll(KeyBatch.from(second));
      expect(byBatch).toHaveLength(whole.length);
      expect(byRecord.build().bytes).toEqual(whole.bytes);
      expect(byBatch.build().bytes).toEqual(whole.bytes);
    }),
  );
});

test("a batch may lie anywhere in its buffer", () => {
  fc.assert(
    fc.property(exposureKeys, fc.integer({ min: 0, max: 9 }), (keys, offset) => {
      const { bytes } = KeyBatch.from(keys);
      const shifted = new Uint8Array(offset + bytes.length + 5);
      shifted.set(bytes, offset);
      expect([...new KeyBatch(shifted.subarray(offset, offset + bytes.length))]).toEqual(keys);
    }),
  );
});

test("a slice holds the records from its start up to its end or the batch's", () => {
  fc.assert(
    fc.property(exposureKeys, fc.nat(160), fc.nat(160), (keys, start, length) => {
      const slice = KeyBatch.from(keys).slice(start, start + length);
      expect([...slice]).toEqual(keys.slice(start, start + length));
    }),
  );
});

describe("the layout of a record", () => {
  const keyData = Uint8Array.from({ length: 16 }, (_, index) => index + 1);

  test("is big-endian after the key bytes", () => {
    const batch = KeyBatch.from([
      {
        keyData,
        rollingStart: 0x01020304,
        rollingPeriod: 144,
        transmissionRisk: 8,
        reportType: 5,
        daysSinceOnset: -14,
      },
    ]);
    expect(batch.bytes.toHex()).toBe(`${keyData.toHex()}0102030490080556`);
  });

  test("marks what is absent", () => {
    const absent = { transmissionRisk: null, reportType: null, daysSinceOnset: null };
    const batch = KeyBatch.from([{ keyData, rollingStart: 0, rollingPeriod: 1, ...absent }]);
    expect(batch.bytes.toHex().slice(32)).toBe("0000000001ff00ff");
  });

  test("admits whole records only", () => {
    expect(() => new KeyBatch(new Uint8Array(RECORD_LENGTH + 1))).toThrow(RangeError);
  });

  test("has no record in the empty batch", () => {
    expect([...KeyBatch.empty]).toEqual([]);
  });
});
