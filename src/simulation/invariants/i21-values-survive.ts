// DB I21: key, start, period, report type, onset and risk survive import and re-export unchanged.

import { type Appearance, appearancesOf } from "../observe/appearances.ts";
import type { KnownPersonKey, Observed, ObservedTree } from "../observe/observed.ts";
import { personKeysOf } from "../observe/person-keys.ts";
import { saysTheSame } from "../observe/record-values.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const valuesSurvive: Invariant = {
  id: "I21",
  rule: "A listed key has values that its owner entered, and never older ones than were listed before.",
  experience: "A phone scores an encounter wrongly, misses it for another interval, or keeps a key that was revoked.",
  check: (observed) => earliest(findAltered(observed)),
};

function* findAltered(observed: Observed): Generator<Violation> {
  const keys = personKeysOf(observed);
  for (const tree of observed.trees) {
    for (const [keyHex, appearances] of appearancesOf(tree)) {
      const key = keys.get(keyHex);
      if (key !== undefined) yield* alteredKey(tree, key, appearances);
    }
  }
}

function* alteredKey(
  tree: ObservedTree,
  { keyHex, states, excused }: KnownPersonKey,
  appearances: readonly Appearance[],
): Generator<Violation> {
  let newest = 0;
  for (const { listing, recordHex } of appearances) {
    const state = states.findLastIndex((each) => saysTheSame(each, recordHex));
    const at = listing.from;
    if (state < 0) {
      yield {
        at,
        where: tree.name,
        witness: keyHex,
        what: `${listing.line} has the record ${recordHex}, which nobody entered.`,
      };
    } else if (state < newest && !excused) {
      yield {
        at,
        where: tree.name,
        witness: keyHex,
        what: `${listing.line} takes back a revision that was listed before.`,
      };
    }
    newest = Math.max(newest, state);
  }
}
