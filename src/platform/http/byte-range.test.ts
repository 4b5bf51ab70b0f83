// Single byte ranges as RFC 9110, 14, has them.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseByteRange } from "./byte-range.ts";

test.each([
  ["bytes=0-4", { start: 0, end: 5 }],
  ["bytes=2-", { start: 2, end: 10 }],
  ["bytes=-3", { start: 7, end: 10 }],
  ["bytes=-99", { start: 0, end: 10 }],
  ["bytes=8-99", { start: 8, end: 10 }],
  ["bytes=9-9", { start: 9, end: 10 }],
  ["bytes=10-", "unsatisfiable"],
  ["bytes=10-12", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  [undefined, "whole"],
  ["", "whole"],
  ["bytes=-", "whole"],
  ["bytes=4-2", "whole"],
  ["bytes=0-1,4-5", "whole"],
  ["lines=0-4", "whole"],
  ["bytes=a-b", "whole"],
  ["bytes=0-4\r\n", "whole"],
  ["bytes=99999999999999999999-", "whole"],
])("%j of ten bytes", (header, expected) => expect(parseByteRange(header, 10)).toEqual(expected));

test("of an empty object no range is satisfiable", () => {
  expect(parseByteRange("bytes=0-", 0)).toBe("unsatisfiable");
  expect(parseByteRange("bytes=-1", 0)).toBe("unsatisfiable");
});

test("a range always lies inside the object and is not empty", () => {
  const number = fc.option(fc.nat(30), { nil: "" as const });
  fc.assert(
    fc.property(number, number, fc.nat(20), (first, last, length) => {
      const range = parseByteRange(`bytes=${first}-${last}`, length);
      if (typeof range === "string") return true;
      return range.start >= 0 && range.start < range.end && range.end <= length;
    }),
  );
});
