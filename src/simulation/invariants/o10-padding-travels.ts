// O10: made-up keys go wherever those of people go (KS 13.3 E2).

import { appearancesOf } from "../observe/appearances.ts";
import type { Listing } from "../observe/listings.ts";
import type { Carried, Observed, ObservedTree } from "../observe/observed.ts";
import { isRepeatOf, sourcesOf } from "../observe/source-archives.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const paddingTravels: Invariant = {
  id: "O10",
  rule: "Most keys that a server made up for the tree of its phones are listed in its tree for the importer too.",
  experience: "Whoever compares two trees of one server sees which keys are made up, and can count the people again.",
  check: (observed) => earliest(findExposed(observed)),
};

/** Fewer say nothing: exports that overlap only in part differ in some. */
const LEAST_KEYS = 20;

function* findExposed(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees.filter(({ role }) => role === "client")) {
    for (const second of observed.trees.filter(({ role }) => role === "second")) {
      const shared = second.carries.filter(({ place }) => tree.carries.some((carried) => carried.place === place));
      if (shared.length > 0) yield* exposedPadding(observed, tree, second, shared);
    }
  }
}

function* exposedPadding(
  observed: Observed,
  tree: ObservedTree,
  second: ObservedTree,
  shared: readonly Carried[],
): Generator<Violation> {
  const opensAt = Math.max(...shared.map(({ from }) => from));
  let judged = 0;
  const missing: string[] = [];
  for (const [keyHex, { from }] of ownPadding(observed, tree)) {
    const at = from + observed.limits.listedWithinSeconds;
    if (from < opensAt || at > observed.endsAt) continue;
    judged++;
    if (!appearancesOf(second).has(keyHex)) missing.push(keyHex);
    const [witness] = missing;
    if (witness === undefined || judged < LEAST_KEYS || missing.length * 2 <= judged) continue;
    const what = `Of ${judged} made-up keys ${missing.length} are not in ${second.name}.`;
    yield { at, where: tree.name, witness, what };
    return;
  }
}

/** In the order of listing; what a mirror brought was made up elsewhere. */
function* ownPadding(observed: Observed, tree: ObservedTree): Generator<readonly [keyHex: string, listing: Listing]> {
  const sources = sourcesOf(observed, tree);
  const repeats = new Map<Listing, boolean>();
  for (const [keyHex, [first]] of appearancesOf(tree)) {
    if (first === undefined || !observed.generated.has(keyHex) || observed.forgotten?.has(keyHex) === true) continue;
    const { listing } = first;
    const isRepeat = repeats.get(listing) ?? sources.some((source) => isRepeatOf(source, listing.archive));
    repeats.set(listing, isRepeat);
    if (!isRepeat) yield [keyHex, listing];
  }
}
