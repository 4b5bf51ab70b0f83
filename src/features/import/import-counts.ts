// The account of one archive: every key that stood in it was saved with an outcome or refused with a reason.

import type { ImportCounts } from "./import-types.ts";

/** Throws a plain Error, which is a fault of ours, when the sums differ: better no commit than a key unaccounted for. */
export function accountForKeys(
  keyCount: number,
  outcomes: ImportCounts["outcomes"],
  refusals: ImportCounts["refusals"],
): ImportCounts {
  const savedCount = sumOf(outcomes);
  const refusedCount = sumOf(refusals);
  if (savedCount + refusedCount !== keyCount) {
    throw new Error(`of ${keyCount} keys ${savedCount} were saved and ${refusedCount} refused`);
  }
  return { keyCount, savedCount, refusedCount, outcomes: withoutZeros(outcomes), refusals: withoutZeros(refusals) };
}

export function sumOf(counts: Readonly<Record<string, number | undefined>>): number {
  return Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** Both together. */
export function addUp(one: ImportCounts["outcomes"], other: ImportCounts["outcomes"]): ImportCounts["outcomes"] {
  const sums: Record<string, number> = {};
  for (const [outcome, count] of [...Object.entries(one), ...Object.entries(other)]) {
    sums[outcome] = (sums[outcome] ?? 0) + (count ?? 0);
  }
  return sums;
}

function withoutZeros(counts: Readonly<Record<string, number | undefined>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counts).flatMap(([name, count]) => (count === undefined || count === 0 ? [] : [[name, count]])),
  );
}
