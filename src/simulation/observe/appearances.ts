// Where the keys of a tree appear: in which listed archives, in which list, with which values.

import type { Listing } from "./listings.ts";
import { listingsOf } from "./listings.ts";
import type { ObservedTree } from "./observed.ts";

const KEY_HEX_LENGTH = 32;

export interface Appearance {
  readonly listing: Listing;
  readonly list: "primary" | "revised";
  readonly recordHex: string;
}

type Appearances = ReadonlyMap<string, readonly Appearance[]>;
const appearancesByTree = new WeakMap<ObservedTree, Appearances>();

/** Key in hex -> its appearances in the order of listing, an archive's primaries before its revised keys. Worked out once. */
export function appearancesOf(tree: ObservedTree): Appearances {
  const known = appearancesByTree.get(tree);
  if (known !== undefined) return known;
  const appearances = new Map<string, Appearance[]>();
  for (const listing of listingsOf(tree)) {
    const content = listing.archive.content;
    if (content === null) continue;
    note(appearances, listing, "primary", content.primaries);
    note(appearances, listing, "revised", content.revised);
  }
  appearancesByTree.set(tree, appearances);
  return appearances;
}

function note(
  appearances: Map<string, Appearance[]>,
  listing: Listing,
  list: Appearance["list"],
  records: readonly string[],
): void {
  for (const recordHex of records) {
    const keyHex = keyHexOf(recordHex);
    const appearance = { listing, list, recordHex };
    const before = appearances.get(keyHex);
    if (before === undefined) appearances.set(keyHex, [appearance]);
    else before.push(appearance);
  }
}

export function keyHexOf(recordHex: string): string {
  return recordHex.slice(0, KEY_HEX_LENGTH);
}
