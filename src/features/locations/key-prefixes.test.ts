// What may be equal by its prefix.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { matchingPositions } from "./key-prefixes.ts";

const ascending = fc.array(fc.integer({ min: 0, max: 40 })).map((values) => Uint32Array.from(values).sort());

test("the matching positions are those of every held prefix that is wanted", () => {
  fc.assert(
    fc.property(ascending, ascending, (held, wanted) => {
      const expected = [...held.keys()].filter((position) => wanted.includes(held[position] ?? 0));
      expect(matchingPositions(held, wanted)).toEqual(expected);
    }),
  );
});

test("prefixes with the highest bit set are as good as others", () => {
  const held = Uint32Array.of(1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff);
  expect(matchingPositions(held, Uint32Array.of(0x8000_0000, 0xffff_ffff))).toEqual([2, 3]);
});
