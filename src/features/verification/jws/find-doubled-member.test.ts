// Doubled members are found wherever they are, and nothing else is taken for one.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findDoubledMember } from "./find-doubled-member.ts";

describe("findDoubledMember", () => {
  test("finds none in what a writer of JSON made", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, indent) => {
        expect(findDoubledMember(JSON.stringify(value, null, indent))).toBeNull();
      }),
    );
  });

  test("finds any member that is written a second time", () => {
    const members = fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue(), { minKeys: 1, noNullPrototype: true });
    fc.assert(
      fc.property(members, fc.nat(), fc.jsonValue(), (object, at, other) => {
        const entries = Object.entries(object).map(([name, value]) => [JSON.stringify(name), JSON.stringify(value)]);
        const doubled = entries[at % entries.length]?.[0] ?? "";
        const text = [...entries, [doubled, JSON.stringify(other)]].map((entry) => entry.join(" : ")).join(" , ");
        expect(findDoubledMember(`[{ ${text} }]`)).toBe(JSON.parse(doubled));
      }),
    );
  });

  test.each([
    ["one name in two objects", '[{"a":1},{"a":2}]'],
    ["one name inside itself", '{"a":{"a":1}}'],
    ["a value that is like the name before", '{"a":"a","b":"a"}'],
    ["texts with the signs of JSON", '{"a":"},\\"a\\":{","b":"\\\\"}'],
  ])("passes over %s", (_, text) => {
    expect(findDoubledMember(text)).toBeNull();
  });

  test("finds names that differ in how they are written only", () => {
    expect(findDoubledMember('{"\\u0061":1,"a":2}')).toBe("a");
    expect(findDoubledMember('{"__proto__":1,"__proto__":2}')).toBe("__proto__");
  });
});
