// DB I2: a mirror publishes a contiguous prefix of its source; it stops at the first file that it could not copy.

import { appearancesOf, keyHexOf } from "../observe/appearances.ts";
import { covers } from "../observe/listed-spans.ts";
import { type Listing, listingsOf } from "../observe/listings.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import type { ArchiveContent } from "../observe/observed-archive.ts";
import { personKeysOf } from "../observe/person-keys.ts";
import { firstListingOf, isRepeatOf, sourcesOf } from "../observe/source-archives.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const contiguousPrefix: Invariant = {
  id: "I2",
  rule: "What a mirror lists covers every archive of its source up to the newest that it repeats.",
  experience:
    "The file that was passed over comes later behind newer ones, or never: phones that follow in order lose it.",
  check: (observed) => earliest(findPassedOver(observed)),
};

function* findPassedOver(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees) {
    for (const source of sourcesOf(observed, tree)) yield* passedOver(observed, tree, source);
  }
}

/** Follows the mirror's archives in their order, and how far into the source each of them reaches. */
function* passedOver(observed: Observed, tree: ObservedTree, source: ObservedTree): Generator<Violation> {
  const sourceListings = listingsOf(source);
  let covered = 0;
  for (const listing of listingsOf(tree)) {
    const reached = reachOf(observed, tree, source, listing);
    const newest = reached === null ? undefined : sourceListings[reached];
    // An exporter of the tree's own may publish some of the newest archive's keys, all of them only a mirror.
    if (reached === null || newest === undefined || reached < covered || !isCarried(tree, newest, listing)) continue;
    for (const passed of sourceListings.slice(covered, reached)) {
      // What the source had not listed any more then, a mirror cannot have.
      if (!covers(passed.spans, listing.from) || isCarried(tree, passed, listing)) continue;
      const what = `${listing.line} repeats ${newest.line} of ${source.name}, and ${passed.line} before it was not carried.`;
      yield { at: listing.from, where: tree.name, witness: passed.line, what };
    }
    covered = reached;
  }
}

/**
 * The rank of the newest archive of the source from which a primary of this one comes; null where it is no repetition.
 * Revisions tell nothing, and neither do the tree's own keys: an exporter of its own publishes them too.
 */
function reachOf(observed: Observed, tree: ObservedTree, source: ObservedTree, { archive }: Listing): number | null {
  if (archive.content === null || !isRepeatOf(source, archive)) return null;
  const ranks = archive.content.primaries
    .filter((record) => isForeign(observed, tree, record))
    .map((record) => firstListingOf(source, record)?.rank ?? 0);
  return ranks.length === 0 ? null : Math.max(...ranks);
}

/** Entered elsewhere than the keys that the tree's own exporter publishes, and no padding of anybody. */
function isForeign(observed: Observed, { carries: [own] }: ObservedTree, record: string): boolean {
  const keyHex = keyHexOf(record);
  return !observed.generated.has(keyHex) && personKeysOf(observed).get(keyHex)?.place !== own?.place;
}

/** Whether the tree had listed every key of the source's archive up to its own `listing`. */
function isCarried(tree: ObservedTree, { archive }: Listing, listing: Listing): boolean {
  const records = archive.content === null ? [] : wantedRecords(archive.content);
  return records.every((record) => {
    const first = appearancesOf(tree).get(keyHexOf(record))?.[0];
    return first !== undefined && first.listing.rank <= listing.rank;
  });
}

/** A revision of a key that never came is worth little: a server may leave it out. */
function wantedRecords({ primaries, revised }: ArchiveContent): readonly string[] {
  return primaries.length > 0 ? primaries : revised;
}
