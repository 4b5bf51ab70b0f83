// Every key of an archive is accounted for.

import { expect, test } from "vitest";
import { accountForKeys, sumOutcomes } from "./import-counts.ts";

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

test("an echo counts as repeated, a revision without effect as dropped, and nothing is left out", () => {
  const outcomes = { inserted: 1, revised: 2, awaiting: 4, claimed: 8, unchanged: 16, duplicate: 32 };
  const without = { other_source: 64, already_revised: 128, transition_not_allowed: 256, interval_mismatch: 512 };
  expect(sumOutcomes({ ...outcomes, ...without })).toEqual({ savedCount: 15, repeatedCount: 48, droppedCount: 960 });
});

test.each([8, 10])("a key that is missing or too many is an error (%i keys)", (keyCount) => {
  expect(() => accountForKeys(keyCount, { inserted: 6 }, { too_old: 3 })).toThrow(`of ${keyCount} keys`);
});
