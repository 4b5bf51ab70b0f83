// Mistyped names.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changesBetween, nearestName } from "./nearest-name.ts";

describe("changesBetween", () => {
  test("counts letters that are added, left out and replaced", () => {
    expect(changesBetween("", "abc")).toBe(3);
    expect(changesBetween("kitten", "sitting")).toBe(3);
    expect(changesBetween("port", "prot")).toBe(2);
  });

  test("is nothing between equal texts, the same both ways, and never above the longer length", () => {
    const text = fc.string({ maxLength: 12, unit: fc.constantFrom("a", "b", "c") });
    fc.assert(
      fc.property(text, text, (left, right) => {
        const changes = changesBetween(left, right);
        expect(changes).toBe(changesBetween(right, left));
        expect(changes === 0).toBe(left === right);
        expect(changes).toBeLessThanOrEqual(Math.max(left.length, right.length));
      }),
    );
  });
});

describe("nearestName", () => {
  test("is the one with the fewest changes, whatever the case", () => {
    expect(nearestName("Prot", ["host", "port", "kind"])).toBe("port");
    expect(nearestName("ENKS_ADMINPORT", ["ENKS_ADMIN_HOST", "ENKS_ADMIN_PORT"])).toBe("ENKS_ADMIN_PORT");
  });

  test("is null where nothing is near", () => {
    expect(nearestName("colour", ["host", "port"])).toBeNull();
    expect(nearestName("x".repeat(100_000), ["host"])).toBeNull();
  });
});
