// DB I20: each key appears once per index; revisions only as revisions.

import { type Appearance, appearancesOf } from "../observe/appearances.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { runsOf } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const eachKeyOnce: Invariant = {
  id: "I20",
  rule: "A key is listed once as a primary, never as one after or beside its revision, and each revision of it once.",
  experience: "iOS counts an encounter twice; Android takes the one transition that it allows for done.",
  check: (observed) => earliest(findRepeated(observed)),
};

function* findRepeated(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees) yield* repeatedKeys(observed, tree);
}

function* repeatedKeys(observed: Observed, tree: ObservedTree): Generator<Violation> {
  const runAt = runsOf(observed, tree);
  for (const [keyHex, appearances] of appearancesOf(tree)) {
    if (appearances.length === 1) continue;
    for (const [position, later] of appearances.entries()) {
      const run = runAt(later.listing.from);
      const what = appearances
        .slice(0, position)
        .filter(({ listing }) => runAt(listing.from) === run)
        .map((earlier) => faultOf(earlier, later))
        .find((fault) => fault !== null);
      if (what !== undefined) yield { at: later.listing.from, where: tree.name, witness: keyHex, what };
    }
  }
}

function faultOf(earlier: Appearance, later: Appearance): string | null {
  const [first, second] = [earlier.listing, later.listing];
  if (first.archive === second.archive) {
    if (earlier.list !== later.list) return `${second.line} holds the key and its revision.`;
    return `${second.line} holds the key twice.`;
  }
  // Put again under its name: what the archive says of the key is another invariant's.
  if (first.line === second.line) return null;
  if (later.list === "primary") return `The key came in ${first.line}, and as a primary in ${second.line}.`;
  const isSame = earlier.list === "revised" && earlier.recordHex === later.recordHex;
  return isSame ? `The same revision came in ${first.line} and in ${second.line}.` : null;
}
