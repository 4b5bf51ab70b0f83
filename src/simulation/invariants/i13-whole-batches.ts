// DB I13: every archive is 1 of 1, and no two have the same start and end.

import { phoneTrees } from "../observe/followed-trees.ts";
import { listingsOf } from "../observe/listings.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import type { ArchiveContent } from "../observe/observed-archive.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const wholeBatches: Invariant = {
  id: "I13",
  rule: "Every archive is batch 1 of 1, or states no batch, and has a window that no other archive of the index has.",
  experience: "Android refuses the whole call for an incomplete batch, and may ignore a second file of equal timing.",
  check: (observed) => earliest(findParts(observed)),
};

function* findParts(observed: Observed): Generator<Violation> {
  for (const tree of phoneTrees(observed)) {
    yield* partialBatches(tree);
    yield* equalWindows(tree);
  }
}

function* partialBatches(tree: ObservedTree): Generator<Violation> {
  for (const { archive, line, from } of listingsOf(tree)) {
    const { content } = archive;
    if (content === null || isWhole(content)) continue;
    const what = `${line} is batch ${content.batchNum} of ${content.batchSize}.`;
    yield { at: from, where: tree.name, witness: line, what };
  }
}

function isWhole({ batchNum, batchSize }: ArchiveContent): boolean {
  return (batchNum === 1 && batchSize === 1) || (batchNum === null && batchSize === null);
}

function* equalWindows(tree: ObservedTree): Generator<Violation> {
  const lines = new Map<string, string>();
  for (const { archive, line, from } of listingsOf(tree)) {
    if (archive.content === null) continue;
    const window = `${archive.content.start} to ${archive.content.end}`;
    const before = lines.get(window) ?? line;
    lines.set(window, before);
    if (before === line) continue;
    yield { at: from, where: tree.name, witness: line, what: `${before} and ${line} both cover ${window}.` };
  }
}
