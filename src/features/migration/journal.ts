// The journal of a migration: entries that are chained, so that none can be changed or left out unseen; pure.

import type { JournalEntry } from "./migration-types.ts";
import { sha256Hex } from "./sha256-hex.ts";

/** What the first entry has in place of a digest before it. */
export const NO_DIGEST = "0".repeat(64);

/** The entry that follows `last`; null: it is the first one. */
export function nextEntry(
  migration: string,
  last: Pick<JournalEntry, "seq" | "digest"> | null,
  entry: Pick<JournalEntry, "at" | "principal" | "kind"> & { readonly detail: object },
): JournalEntry {
  const chained = {
    ...entry,
    detail: JSON.stringify(entry.detail),
    seq: (last?.seq ?? 0) + 1,
    previous: last?.digest ?? NO_DIGEST,
  };
  return { ...chained, digest: digestOf(migration, chained) };
}

/** The number of the first entry that is not as it was written, or that follows none; null: the journal is whole. */
export function firstBreak(migration: string, entries: readonly JournalEntry[]): number | null {
  let previous = NO_DIGEST;
  for (const [at, entry] of entries.entries()) {
    const isWhole = entry.seq === at + 1 && entry.previous === previous && entry.digest === digestOf(migration, entry);
    if (!isWhole) return at + 1;
    previous = entry.digest;
  }
  return null;
}

function digestOf(migration: string, entry: Omit<JournalEntry, "digest">): string {
  const { seq, at, principal, kind, detail, previous } = entry;
  return sha256Hex(JSON.stringify([migration, seq, at, principal, kind, detail, previous]));
}
