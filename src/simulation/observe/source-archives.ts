// What a mirror repeats: in which archives of its sources the keys of its own archives stand.

import type { UnixSeconds } from "../../core/clock.ts";
import { appearancesOf, keyHexOf } from "./appearances.ts";
import type { Listing } from "./listings.ts";
import type { Observed, ObservedTree } from "./observed.ts";
import type { ArchiveContent, ObservedArchive } from "./observed-archive.ts";
import { treeNamed } from "./world-events.ts";

export function sourcesOf(observed: Pick<Observed, "trees">, { mirrors }: ObservedTree): ObservedTree[] {
  return mirrors.flatMap((name) => treeNamed(observed, name) ?? []);
}

function recordsOf({ primaries, revised }: ArchiveContent): string[] {
  return [...primaries, ...revised];
}

/** Where the source listed the key first. */
export function firstListingOf(source: ObservedTree, recordHex: string): Listing | undefined {
  return appearancesOf(source).get(keyHexOf(recordHex))?.[0]?.listing;
}

/** Whether the source had listed every key of the archive before it was put. */
export function isRepeatOf(source: ObservedTree, { content, putAt }: ObservedArchive): boolean {
  if (content === null) return false;
  return recordsOf(content).every((record) => wasListedBy(firstListingOf(source, record), putAt));
}

function wasListedBy(listing: Listing | undefined, at: UnixSeconds): boolean {
  return listing !== undefined && listing.from <= at;
}
