// Protobuf fields: numbers at their limits, damage, hostile bytes.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WireReader } from "./wire-reader.ts";

const VARINT_FIELD_1 = 0x08;
const FULL = 0xff;

function readInt32(...bytes: readonly number[]): number {
  const reader = new WireReader(Uint8Array.of(VARINT_FIELD_1, ...bytes));
  expect(reader.next()).toBe(true);
  return reader.int32();
}

describe("an int32 is the lower 32 bits of a number of at most ten bytes", () => {
  test.each([
    [[0x00], 0],
    [[0x96, 0x01], 150],
    [[FULL, FULL, FULL, FULL, 0x07], 0x7fff_ffff],
    [[FULL, FULL, FULL, FULL, FULL, FULL, FULL, FULL, FULL, 0x01], -1],
    [[0x85, 0x80, 0x80, 0x80, 0x80, 0x01], 5],
  ])("%j is %i", (bytes, value) => {
    expect(readInt32(...bytes)).toBe(value);
  });

  test("eleven bytes are too many, and a number must end", () => {
    const ten = Array.from({ length: 10 }, () => 0x80);
    expect(() => readInt32(...ten, 0x00)).toThrow(RangeError);
    expect(() => readInt32(0x80)).toThrow(RangeError);
  });
});

test.each([
  ["field number 0", [0x00, 0x00]],
  ["a group", [0x0b, 0x0c]],
  ["a length behind the end", [0x0a, 0x05, 1, 2]],
  ["a length of four gigabytes", [0x0a, FULL, FULL, FULL, FULL, 0x0f]],
  ["eight bytes that are seven", [0x09, 1, 2, 3, 4, 5, 6, 7]],
])("%s is no sequence of whole fields", (_damage, bytes) => {
  const reader = new WireReader(Uint8Array.from(bytes));
  expect(() => {
    while (reader.next()) reader.skip();
  }).toThrow(RangeError);
});

test("a value is read only as what it is", () => {
  for (const read of [(r: WireReader) => r.span(), (r: WireReader) => r.fixed64(), (r: WireReader) => r.text()]) {
    const reader = new WireReader(Uint8Array.of(VARINT_FIELD_1, 1));
    reader.next();
    expect(() => read(reader)).toThrow(RangeError);
  }
});

test("any bytes end or are refused, and never loop", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const reader = new WireReader(bytes);
      let fields = 0;
      try {
        for (; reader.next(); fields++) reader.skip();
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
      expect(fields).toBeLessThanOrEqual(bytes.length / 2);
    }),
  );
});
