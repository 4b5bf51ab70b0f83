// Both sources of randomness: uniform integers, and streams that repeat where they should.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cryptoRandom } from "./crypto-random.ts";
import { seededRandom } from "./seeded-random.ts";
import { drawUniformInteger } from "./uniform-integer.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

function drawFrom(...draws: number[][]): (count: number) => Uint8Array {
  return () => Uint8Array.from(draws.shift() ?? []);
}

describe.each([
  { name: "crypto", random: cryptoRandom },
  { name: "seeded", random: seededRandom(7) },
])("$name randomness", ({ random }) => {
  test("gives as many bytes as asked for, and other ones each time", () => {
    expect(random.bytes(0)).toHaveLength(0);
    expect(random.bytes(10_000)).toHaveLength(10_000);
    expect(hex(random.bytes(16))).not.toBe(hex(random.bytes(16)));
  });

  test("gives integers from 0 to the bound, both included", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (max) => {
        const drawn = random.integer(max);
        return Number.isSafeInteger(drawn) && drawn >= 0 && drawn <= max;
      }),
    );
    expect(new Set(Array.from({ length: 200 }, () => random.integer(2)))).toEqual(new Set([0, 1, 2]));
  });
});

describe("drawUniformInteger", () => {
  test("draws again where the remainder would favour small results", () => {
    // 2^32 is 1 more than a multiple of 3, so the largest draw is thrown away.
    expect(drawUniformInteger(2, drawFrom([255, 255, 255, 255], [0, 0, 0, 5]))).toBe(2);
  });

  test("takes 53 bits for large bounds", () => {
    const all = [255, 255, 255, 255];
    expect(drawUniformInteger(Number.MAX_SAFE_INTEGER, drawFrom(all, all))).toBe(Number.MAX_SAFE_INTEGER);
  });

  test("refuses bounds that are no integers", () => {
    for (const max of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(() => drawUniformInteger(max, drawFrom())).toThrow(RangeError);
    }
  });
});

describe("seededRandom", () => {
  test("repeats for ever: these bytes must not change between versions", () => {
    expect(hex(seededRandom(1).bytes(16))).toBe("18caeacc2abdccf928973719b7b9ead9");
    expect(hex(seededRandom("1").bytes(16))).toBe(hex(seededRandom(1).bytes(16)));
    expect(hex(seededRandom(2).bytes(16))).not.toBe(hex(seededRandom(1).bytes(16)));
  });

  test("gives the same stream however it is cut into pieces", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(6_000), { maxLength: 8 }), (counts) => {
        const pieces = seededRandom("cut");
        const whole = seededRandom("cut").bytes(counts.reduce((sum, count) => sum + count, 0));
        expect(hex(Buffer.concat(counts.map((count) => pieces.bytes(count))))).toBe(hex(whole));
      }),
      { numRuns: 30 },
    );
  });

  test("forks by name alone, whatever was drawn before", () => {
    const random = seededRandom(1);
    const before = hex(random.fork("phones").bytes(16));
    random.bytes(100);
    expect(hex(random.fork("phones").bytes(16))).toBe(before);
    expect(hex(random.fork("faults").bytes(16))).not.toBe(before);
    expect(hex(random.fork("a").fork("b").bytes(16))).not.toBe(hex(random.fork("b").bytes(16)));
  });
});
