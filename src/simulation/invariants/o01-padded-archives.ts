// O1: archives hold as many keys as the tree promises (KS 1.9, 13.3 E17).

import { listingsOf } from "../observe/listings.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { isRepeatOf, sourcesOf } from "../observe/source-archives.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const paddedArchives: Invariant = {
  id: "O1",
  rule: "An archive that holds keys holds at least as many as its tree promises; one that repeats a source's need not.",
  experience: "Everybody can count how few people reported, and a small place can guess who.",
  check: (observed) => earliest(findSmall(observed)),
};

function* findSmall(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees) yield* smallArchives(observed, tree);
}

function* smallArchives(observed: Observed, tree: ObservedTree): Generator<Violation> {
  const sources = sourcesOf(observed, tree);
  for (const { archive, line, from } of listingsOf(tree)) {
    const { primaries = [], revised = [] } = archive.content ?? {};
    const count = primaries.length + revised.length;
    if (count === 0 || count >= tree.minRecords) continue;
    // What is left of a public archive once the keys published here are left out tells nothing new.
    if (sources.some((source) => isRepeatOf(source, archive))) continue;
    const what = `${line} holds ${count} keys; ${tree.minRecords} were promised.`;
    yield { at: from, where: tree.name, witness: line, what };
  }
}
