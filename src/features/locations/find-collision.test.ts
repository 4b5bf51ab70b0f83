// Two locations share no object: what they could write is compared with what is said of their prefixes.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { archiveName } from "../../archive/archive-name.ts";
import { findCollision, type Tree } from "./find-collision.ts";

const tree = (name: string, changes: Partial<Tree> = {}): Tree => ({
  indexObject: `${name}/index.txt`,
  basePrefix: `${name}/`,
  linePrefix: "",
  ...changes,
});

test.each([
  ["one prefix", tree("a"), tree("b", { basePrefix: "a/" })],
  ["one prefix, cut elsewhere", tree("a", { basePrefix: "", linePrefix: "x/" }), tree("b", { basePrefix: "x/" })],
  ["a prefix that digits make longer", tree("a"), tree("b", { linePrefix: "", basePrefix: "a/16" })],
  ["an index among the archives", tree("a"), tree("b", { indexObject: "a/1-2-00001.zip" })],
  ["an index that is the folder of the other", tree("a", { indexObject: "b" }), tree("b")],
])("%s is shared", (_, one, other) => {
  expect(findCollision(one, other)).not.toBeNull();
  expect(findCollision(other, one)).not.toBeNull();
});

test.each([
  ["two folders", tree("a"), tree("b")],
  ["a folder in a folder", tree("a"), tree("b", { basePrefix: "a/b/" })],
  [
    "one folder with names of their own",
    tree("a", { linePrefix: "x-" }),
    tree("b", { basePrefix: "a/", linePrefix: "y-" }),
  ],
  ["the root and a folder", tree("a", { basePrefix: "" }), tree("b")],
])("%s is not", (_, one, other) => {
  expect(findCollision(one, other)).toBeNull();
});

test("whatever the prefixes are: those that can make one name collide", () => {
  const prefix = fc.stringMatching(/^[a1/-]{0,4}$/);
  const instant = fc.integer({ min: 1, max: 1_200 });
  fc.assert(
    fc.property(prefix, prefix, instant, instant, (one, other, start, end) => {
      const name = one + archiveName(start, end);
      const isOfOther = name.startsWith(other) && /^\d+-\d+-\d{5}\.zip$/.test(name.slice(other.length));
      const collision = findCollision(tree("one", { basePrefix: one }), tree("other", { basePrefix: other }));
      if (isOfOther) expect(collision).not.toBeNull();
    }),
  );
});
