// Which listed lines are shown for one that was mistyped.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { nearestLines } from "./nearest-lines.ts";

const LISTED = ["us/1000-2000-00001.zip", "us/2000-3000-00001.zip", "us/3000-4000-00001.zip", "ca/1000-2000-00001.zip"];

test.each([
  ["a digit too much", "us/2000-3000-000001.zip"],
  ["a digit too little", "us/200-3000-00001.zip"],
  ["another digit", "us/2000-3100-00001.zip"],
])("%s: the line that is meant comes first", (_, line) => {
  expect(nearestLines(line, LISTED)[0]).toBe("us/2000-3000-00001.zip");
});

test("a word that is like nothing has no neighbour", () => {
  expect(nearestLines("help", LISTED)).toEqual([]);
});

test("one line that differs in one place is among few", () => {
  const line = fc.stringMatching(/^[a-z0-9/-]{8,40}$/);
  const property = fc.property(fc.uniqueArray(line, { minLength: 1 }), fc.nat(), (listed, at) => {
    const meant = listed[at % listed.length] ?? "";
    const place = at % meant.length;
    const near = nearestLines(`${meant.slice(0, place)}_${meant.slice(place + 1)}`, listed);
    expect(near.length).toBeLessThanOrEqual(3);
    expect(near[0]).toHaveLength(meant.length);
  });
  fc.assert(property);
});
