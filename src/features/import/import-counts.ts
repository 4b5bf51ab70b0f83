// The account of one archive: every key that stood in it was saved with an outcome or refused with a reason.

import type { ImportCounts, ImportOutcome } from "./import-types.ts";

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

/** What outcomes amount to, for people: an echo was not saved, and a revision without effect was lost on the way. */
export interface OutcomeSums {
  /** Stored, changed, claimed, or kept until their original comes. */
  readonly savedCount: number;
  /** Here already: an echo of our own export, or an archive that is published twice. */
  readonly repeatedCount: number;
  /** Revisions that changed nothing. */
  readonly droppedCount: number;
}

const KIND_OF_OUTCOME: Readonly<Record<ImportOutcome, keyof OutcomeSums>> = {
  inserted: "savedCount",
  revised: "savedCount",
  claimed: "savedCount",
  awaiting: "savedCount",
  unchanged: "repeatedCount",
  duplicate: "repeatedCount",
  other_source: "droppedCount",
  already_revised: "droppedCount",
  transition_not_allowed: "droppedCount",
  interval_mismatch: "droppedCount",
};

export function sumOutcomes(outcomes: ImportCounts["outcomes"]): OutcomeSums {
  const sums = { savedCount: 0, repeatedCount: 0, droppedCount: 0 };
  for (const outcome of Object.keys(KIND_OF_OUTCOME) as ImportOutcome[]) {
    sums[KIND_OF_OUTCOME[outcome]] += outcomes[outcome] ?? 0;
  }
  return sums;
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
