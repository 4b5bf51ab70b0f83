// Every key of an archive is accounted for.

import { expect, test } from "vitest";
import { accountForKeys } from "./import-counts.ts";

test("the sums of outcomes and refusals make up the archive; zeros are left out", () => {
  const counts = accountForKeys(10, { inserted: 6, revised: 1, unchanged: 0 }, { too_old: 2, key_length: 1 });
  expect(counts).toEqual({
    keyCount: 10,
    savedCount: 7,
    refusedCount: 3,
    outcomes: { inserted: 6, revised: 1 },
    refusals: { too_old: 2, key_length: 1 },
  });
});

test.each([8, 10])("a key that is missing or too many is an error (%i keys)", (keyCount) => {
  expect(() => accountForKeys(keyCount, { inserted: 6 }, { too_old: 3 })).toThrow(`of ${keyCount} keys`);
});
