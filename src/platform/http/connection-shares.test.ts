// Connections of the listeners: shares of the files that a process may open.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { filesReserved, MOST_PUBLIC, shareConnections } from "./connection-shares.ts";

test("where many files may be open, the public listener has 4,000 connections and the admin listener 256", () => {
  for (const limit of [null, 20_000, 1_048_576]) {
    expect(shareConnections(limit, 640, null)).toEqual({ publicListener: MOST_PUBLIC, adminListener: 256 });
  }
});

test("a setting counts as far as the files go", () => {
  expect(shareConnections(20_000, 640, 9_000).publicListener).toBe(9_000);
  expect(shareConnections(1_024, 128, 9_000).publicListener).toBe(336);
});

test("whatever the limit, all connections with an object each leave a part for the rest of the process", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 64, max: 100_000 }),
      fc.option(fc.integer({ min: 8, max: 100_000 })),
      fc.constantFrom("embedded" as const, "postgres" as const),
      (limit, wanted, database) => {
        const { publicListener, adminListener } = shareConnections(limit, filesReserved(database), wanted);
        expect(publicListener).toBeGreaterThanOrEqual(8);
        expect(adminListener).toBeGreaterThanOrEqual(1);
        expect(limit - 2 * publicListener - adminListener).toBeGreaterThanOrEqual(
          Math.min(filesReserved(database), Math.floor(limit * 0.7)),
        );
      },
    ),
  );
});
