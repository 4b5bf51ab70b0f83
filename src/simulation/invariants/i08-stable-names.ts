// DB I8: index URL, base and lines stay byte-identical for files that stay.

import type { UnixSeconds } from "../../core/clock.ts";
import { appearancesOf, keyHexOf } from "../observe/appearances.ts";
import { listedSpans } from "../observe/listed-spans.ts";
import { type Listing, listingsOf } from "../observe/listings.ts";
import type { Observed, ObservedPhone, ObservedTree } from "../observe/observed.ts";
import { holdsSameKeys } from "../observe/same-keys.ts";
import { eventsOf, runsOf } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const stableNames: Invariant = {
  id: "I8",
  rule: "An archive keeps its line, byte for byte, and phones keep the addresses of index and base.",
  experience: "Phones that remember addresses take known files for new ones and fetch 14 days again.",
  check: (observed) => earliest(findRenamed(observed)),
};

function* findRenamed(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees) {
    yield* respelledLines(tree);
    yield* renamedArchives(observed, tree);
  }
  for (const phone of observed.phones) yield* movedIndexes(observed, phone);
}

/** Two spellings of one path. */
function* respelledLines(tree: ObservedTree): Generator<Violation> {
  const spellings = new Map<string, string>();
  for (const [line, [first]] of listedSpans(tree)) {
    const path = line.replace(/^(?:\.?\/)+/, "");
    const before = spellings.get(path);
    spellings.set(path, before ?? line);
    if (before !== undefined && first !== undefined) yield renamed(tree, first.from, before, line);
  }
}

/** The same archive, or another with the same keys, under a second line. */
function* renamedArchives(observed: Observed, tree: ObservedTree): Generator<Violation> {
  const runAt = runsOf(observed, tree);
  const byDigest = new Map<string, Listing>();
  for (const listing of listingsOf(tree)) {
    const before = byDigest.get(listing.archive.sha256Hex) ?? findTwin(tree, listing);
    byDigest.set(listing.archive.sha256Hex, listing);
    if (before === undefined || before.line === listing.line || runAt(before.from) !== runAt(listing.from)) continue;
    yield renamed(tree, listing.from, before.line, listing.line);
  }
}

function findTwin(tree: ObservedTree, { archive, rank }: Listing): Listing | undefined {
  const first = archive.content?.primaries[0];
  if (first === undefined) return undefined;
  return appearancesOf(tree)
    .get(keyHexOf(first))
    ?.find(({ listing }) => listing.rank < rank && holdsSameKeys(listing.archive, archive))?.listing;
}

function* movedIndexes(observed: Observed, { name, follows }: ObservedPhone): Generator<Violation> {
  for (const [position, after] of follows.entries()) {
    const before = follows[position - 1];
    if (before === undefined) continue;
    const isSame = before.indexUrl === after.indexUrl && before.baseUrl === after.baseUrl;
    const updates = eventsOf(observed, "app-updated").filter(({ phone }) => phone === name);
    if (isSame || updates.some(({ at }) => before.from <= at && at <= after.from)) continue;
    const what = `The phone's index or base moved from ${before.baseUrl} to ${after.baseUrl} without an update of its app.`;
    yield { at: after.from, where: name, witness: after.indexUrl, what };
  }
}

function renamed({ name }: ObservedTree, at: UnixSeconds, before: string, after: string): Violation {
  return { at, where: name, witness: after, what: `What was listed as ${before} was listed as ${after}.` };
}
