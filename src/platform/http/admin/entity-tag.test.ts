// Revisions as entity tags.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { parseIfMatch, tagOfRevision } from "./entity-tag.ts";

test("a revision that was answered comes back as itself", () => {
  fc.assert(
    fc.property(fc.nat(), (revision) => {
      expect(parseIfMatch(tagOfRevision(revision))).toBe(revision);
    }),
  );
});

test("without the header there is no expectation", () => {
  expect(parseIfMatch(undefined)).toBeNull();
});

test("any other text is refused", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!/^\s*"\d+"\s*$/.test(text));
      expect(() => parseIfMatch(text)).toThrow("If-Match is not one ETag of this server");
    }),
  );
});
