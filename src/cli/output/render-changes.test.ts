// What differs between two values.

import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareFields, renderChanges } from "./render-changes.ts";

test("each field that differs is named once, with what it was and what it is", () => {
  const before = { grace: 1, seals: [{ id: "a" }], same: [1] };
  const after = { grace: 2, seals: [{ id: "a" }, { id: "b" }], same: [1] };
  expect(compareFields(before, after)).toEqual([
    { field: "grace", before: 1, after: 2 },
    { field: "seals.1.id", before: undefined, after: "b" },
  ]);
});

test("nothing differs from itself", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(compareFields(value, value)).toEqual([]);
    }),
  );
});

test("what was made has no field before", () => {
  expect(stripVTControlCharacters(renderChanges(null, { name: "x" }))).toBe('    + name: "x"\n');
  expect(stripVTControlCharacters(renderChanges({ a: "1\u001b" }, { a: "2" }))).toBe(
    '    - a: "1\\u001b"\n    + a: "2"\n',
  );
});

test("what is long is told whole, and a text of several lines line by line", () => {
  const url = `https://keys.example/${"a".repeat(200)}`;
  const pem = "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----\n";
  expect(stripVTControlCharacters(renderChanges({ url: "x" }, { url, pem }))).toBe(
    [
      '    - url: "x"',
      `    + url: "${url}"`,
      "    + pem:",
      "      -----BEGIN PUBLIC KEY-----",
      "      MFkw",
      "      -----END PUBLIC KEY-----",
      "",
    ].join("\n"),
  );
});
