// What a token holds comes back, at a length that says nothing.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readEntries, TOKEN_CAPACITY, type TokenEntry, writeEntries } from "./token-form.ts";

const entry = fc.record({
  keyData: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  rollingStart: fc.integer({ min: 0, max: 0xffff_ffff }),
  rollingPeriod: fc.integer({ min: 1, max: 144 }),
  supplierId: fc.option(fc.integer({ min: 1, max: 0xffff_ffff })),
});

function entryOf(number: number, rollingStart: number): TokenEntry {
  return { keyData: new Uint8Array(16).fill(number), rollingStart, rollingPeriod: 144, supplierId: null };
}

function sorted(list: readonly TokenEntry[]): string[] {
  return list.map((one) => JSON.stringify(one)).toSorted();
}

describe("the content of a revision token", () => {
  test("comes back as it went in, whatever the order", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(entry, { maxLength: TOKEN_CAPACITY, selector: (one) => one.keyData.toHex() }),
        (entries) => {
          expect(sorted(readEntries(writeEntries(entries)) ?? [])).toEqual(sorted(entries));
        },
      ),
    );
  });

  test("has one length, for no key and for a hundred (KS R1)", () => {
    const lengths = [0, 1, 14, 30, 100].map((count) => {
      return writeEntries(Array.from({ length: count }, (_, index) => entryOf(index, index))).length;
    });
    expect(new Set(lengths).size).toBe(1);
  });

  test("of too many keys those that end last stay", () => {
    const entries = Array.from({ length: TOKEN_CAPACITY + 10 }, (_, index) => entryOf(index, 1_000 - index));
    const kept = readEntries(writeEntries(entries)) ?? [];
    expect(kept).toHaveLength(TOKEN_CAPACITY);
    expect(Math.min(...kept.map(({ rollingStart }) => rollingStart))).toBe(1_000 - TOKEN_CAPACITY + 1);
  });

  test("of a key named twice the first entry stays", () => {
    expect(readEntries(writeEntries([entryOf(7, 100), entryOf(7, 999)]))).toEqual([entryOf(7, 100)]);
  });

  test("bytes of another length, or with too high a count, are nothing", () => {
    expect(readEntries(new Uint8Array(10))).toBeNull();
    expect(readEntries(writeEntries([]).with(0, TOKEN_CAPACITY + 1))).toBeNull();
  });
});
