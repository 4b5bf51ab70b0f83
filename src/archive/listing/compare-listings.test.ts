// A loss from a listing is noticed.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compareListings } from "./compare-listings.ts";

describe("compareListings", () => {
  test.each([
    ["the first listing", [], ["a", "b"]],
    ["nothing new", ["a", "b"], ["a", "b"]],
    ["something at the end", ["a", "b"], ["a", "b", "c"]],
    ["something in between", ["a", "c"], ["a", "b", "c"]],
    ["nothing at all, as before", [], []],
  ])("%s is no loss", (_, last, listed) => {
    expect(compareListings(last, listed)).toEqual({ vanished: [], suspicion: null });
  });

  test("what expired from the head is not suspicious", () => {
    expect(compareListings(["a", "b", "c"], ["c", "d"])).toEqual({ vanished: ["a", "b"], suspicion: null });
  });

  test.each([
    ["index_empty", ["a", "b"], [], ["a", "b"]],
    ["index_replaced", ["a", "b"], ["x", "y"], ["a", "b"]],
    ["index_lost_lines", ["a", "b", "c"], ["a", "c"], ["b"]],
    ["index_lost_lines", ["a", "b", "c"], ["a", "b"], ["c"]],
    ["index_lost_lines", ["a", "b", "c"], ["b"], ["a", "c"]],
  ])("%s: %j became %j", (suspicion, last, listed, vanished) => {
    expect(compareListings(last, listed)).toEqual({ vanished, suspicion });
  });

  test("anything cut off the end is suspicious, anything cut off the head is not", () => {
    const lists = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(lists, fc.nat(), (lines, seed) => {
        const cut = 1 + (seed % (lines.length - 1));
        expect(compareListings(lines, lines.slice(cut)).suspicion).toBeNull();
        expect(compareListings(lines, lines.slice(0, cut)).suspicion).toBe("index_lost_lines");
      }),
    );
  });
});
