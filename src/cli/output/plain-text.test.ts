// Texts of others on a screen.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { jsonText, plainText } from "./plain-text.ts";

/** But for the line ends of our own. */
const DANGEROUS = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}]/u;

test("nothing that a terminal obeys gets through", () => {
  expect(plainText("a\u001B[2Jb\n\u202Ec")).toBe("a\\u001b[2Jb\\u000a\\u202ec");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect(plainText(text)).not.toMatch(DANGEROUS);
    }),
  );
});

test("JSON loses nothing by it", () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
      const text = jsonText(value);
      expect(text).not.toMatch(DANGEROUS);
      expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value));
    }),
  );
});
