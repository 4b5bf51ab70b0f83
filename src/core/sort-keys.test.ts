// Sorting a batch by key bytes, against a plain comparison.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExposureKey } from "./exposure-key.ts";
import { KeyBatch } from "./key-batch.ts";
import { compareKeyData, hasRepeats, pick, sortByKeyData, sortedPositions } from "./sort-keys.ts";

/** Few different bytes at the decisive places: equal keys, equal beginnings, and differences in the last bit of a part. */
const keyData = fc
  .tuple(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.constantFrom(0, 1, 2), fc.constantFrom(0, 1, 0xff))
  .map(([first, fourth, last]) => {
    const bytes = new Uint8Array(16);
    bytes[0] = first;
    bytes[3] = fourth;
    bytes[15] = last;
    return bytes;
  });

const batches = fc
  .array(fc.oneof(keyData, fc.uint8Array({ minLength: 16, maxLength: 16 })), { maxLength: 60 })
  .map((keys) => KeyBatch.from(keys.map((bytes, index) => withMark(bytes, index))));

/** The rolling start tells equal keys apart. */
function withMark(bytes: Uint8Array, rollingStart: number): ExposureKey {
  return {
    keyData: bytes,
    rollingStart,
    rollingPeriod: 144,
    transmissionRisk: null,
    reportType: null,
    daysSinceOnset: null,
  };
}

describe("sorting exposure keys", () => {
  test("gives the order of a plain comparison of bytes, and equal keys stay in their order", () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const expected = Array.from({ length: batch.length }, (_, index) => index).sort(
          (a, b) => Buffer.compare(batch.keyData(a), batch.keyData(b)) || a - b,
        );
        expect(Array.from(sortedPositions(batch))).toEqual(expected);
      }),
    );
  });

  test("keys that were chosen to begin alike, more than are compared with each other", () => {
    const keys = Array.from({ length: 3_000 }, (_, index) => {
      const bytes = new Uint8Array(16).fill(7, 0, index % 5 === 0 ? 3 : 4);
      bytes[4 + (index % 12)] = (index * 37) % 256;
      return withMark(bytes, index);
    });
    const batch = KeyBatch.from(keys);
    const expected = keys.map((_, index) => index);
    expected.sort((a, b) => Buffer.compare(batch.keyData(a), batch.keyData(b)) || a - b);
    expect(Array.from(sortedPositions(batch))).toEqual(expected);
  });

  test("moves whole records and leaves the batch as it was", () => {
    fc.assert(
      fc.property(batches, (batch) => {
        const before = batch.bytes.slice();
        const sorted = sortByKeyData(batch);
        expect(recordsOf(sorted)).toEqual(recordsOf(batch));
        expect(batch.bytes).toEqual(before);
      }),
    );
  });

  test("works on a batch that is a slice of another", () => {
    const batch = KeyBatch.from([5, 4, 3, 2, 1].map((first) => withMark(new Uint8Array(16).fill(first), first)));
    expect(Array.from(sortedPositions(batch.slice(1, 4)))).toEqual([2, 1, 0]);
  });

  test("picks records in the order asked for, repeats included", () => {
    const batch = KeyBatch.from([1, 2, 3].map((first) => withMark(new Uint8Array(16).fill(first), first)));
    const picked = pick(batch, [2, 0, 2]);
    expect(Array.from(picked, (key) => key.rollingStart)).toEqual([3, 1, 3]);
  });

  test("compares keys of two batches as their bytes compare", () => {
    fc.assert(
      fc.property(keyData, keyData, (a, b) => {
        const difference = compareKeyData(KeyBatch.from([withMark(a, 0)]), 0, KeyBatch.from([withMark(b, 1)]), 0);
        expect(Math.sign(difference)).toBe(Buffer.compare(a, b));
      }),
    );
  });
});

test("whether a key stands in a batch twice", () => {
  fc.assert(
    fc.property(batches, (batch) => {
      const names = new Set(Array.from({ length: batch.length }, (_, index) => batch.keyHex(index)));
      expect(hasRepeats(batch)).toBe(names.size < batch.length);
    }),
  );
});

function recordsOf(batch: KeyBatch): string[] {
  return Array.from({ length: batch.length }, (_, at) => batch.record(at).toHex()).sort();
}
