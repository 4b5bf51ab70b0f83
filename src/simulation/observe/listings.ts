// Archives of a tree while they were listed: what phones could come to.

import type { UnixSeconds } from "../../core/clock.ts";
import { listedSpans, type Span } from "./listed-spans.ts";
import type { ObservedTree } from "./observed.ts";
import type { ObservedArchive } from "./observed-archive.ts";

export interface Listing {
  readonly archive: ObservedArchive;
  readonly line: string;
  /** When its line was listed while it stood, in order of time. */
  readonly spans: readonly Span[];
  /** The beginning of the first span. */
  readonly from: UnixSeconds;
  /** Its place in the order of listing: by `from`, then by place in the index. */
  readonly rank: number;
}

const listingsByTree = new WeakMap<ObservedTree, readonly Listing[]>();
const archivesByTree = new WeakMap<ObservedTree, ReadonlyMap<string, readonly ObservedArchive[]>>();

/** Line -> the archives that stood under it one after the other. Worked out once. */
export function archivesByLine(tree: ObservedTree): ReadonlyMap<string, readonly ObservedArchive[]> {
  const known = archivesByTree.get(tree);
  if (known !== undefined) return known;
  const archives = Map.groupBy(tree.archives, ({ line }) => line);
  archivesByTree.set(tree, archives);
  return archives;
}

/** The archive that stood under the line at the end of the second `at`. */
export function archiveAt(tree: ObservedTree, line: string, at: UnixSeconds): ObservedArchive | undefined {
  return archivesByLine(tree)
    .get(line)
    ?.findLast(({ putAt, deletedAt }) => putAt <= at && (deletedAt === null || deletedAt > at));
}

/** Every archive that was ever listed, in the order of listing. Worked out once. */
export function listingsOf(tree: ObservedTree): readonly Listing[] {
  const known = listingsByTree.get(tree);
  if (known !== undefined) return known;
  const found: Omit<Listing, "rank">[] = [];
  for (const [line, lineSpans] of listedSpans(tree)) {
    for (const archive of archivesByLine(tree).get(line) ?? []) {
      const spans = lineSpans.flatMap((span) => clip(span, archive));
      const [first] = spans;
      if (first !== undefined) found.push({ archive, line, spans, from: first.from });
    }
  }
  // Stable: within one index the order of the lines stays.
  const listings = found.sort((a, b) => a.from - b.from).map((listing, rank) => ({ ...listing, rank }));
  listingsByTree.set(tree, listings);
  return listings;
}

/** The part of the span in which the archive stood; none where there is no such part. */
function clip(span: Span, { putAt, deletedAt }: ObservedArchive): Span[] {
  const from = Math.max(span.from, putAt);
  const until = Math.min(span.until ?? Infinity, deletedAt ?? Infinity);
  return from < until ? [{ from, until: until === Infinity ? null : until }] : [];
}
