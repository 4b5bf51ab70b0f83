// Under which seals the archives are that an index lists, moment by moment.

import type { UnixSeconds } from "../../core/clock.ts";
import { followersAt } from "./followed-trees.ts";
import { linesOf, stateAt } from "./lines-at.ts";
import { archiveAt, archivesByLine } from "./listings.ts";
import type { Observed, ObservedTree } from "./observed.ts";
import { acceptsSeal, sealOf } from "./seals.ts";

/** Seal -> the last line that carried it. */
export type SealsListed = ReadonlyMap<string, string>;

interface SealMoment {
  readonly at: UnixSeconds;
  readonly seals: SealsListed;
}

const timelines = new WeakMap<ObservedTree, readonly SealMoment[]>();

/** Every moment at which the listed seals may have changed, in order, with those seals from then on. Worked out once. */
export function sealTimeline(tree: ObservedTree): readonly SealMoment[] {
  const known = timelines.get(tree);
  if (known !== undefined) return known;
  const moments = new Set(tree.indexes.map(({ at }) => at));
  // Put again under a name that is listed: a new seal without a new index.
  for (const archives of archivesByLine(tree).values()) for (const { putAt } of archives.slice(1)) moments.add(putAt);
  const timeline = [...moments].sort((a, b) => a - b).map((at) => ({ at, seals: listedSeals(tree, at) }));
  timelines.set(tree, timeline);
  return timeline;
}

function listedSeals(tree: ObservedTree, at: UnixSeconds): SealsListed {
  const seals = new Map<string, string>();
  const state = stateAt(tree, at);
  for (const line of state === null ? [] : linesOf(state)) {
    const archive = archiveAt(tree, line, at);
    const seal = archive === undefined ? null : sealOf(archive);
    if (seal !== null) seals.set(seal, line);
  }
  return seals;
}

/** The seals of what the tree listed at the end of the second `at`. */
export function sealsAt(tree: ObservedTree, at: UnixSeconds): SealsListed {
  return sealTimeline(tree).findLast((moment) => moment.at <= at)?.seals ?? new Map();
}

/** All that read the tree then accept each of the seals by itself, as Android does with several alternatives (DB 6.2). */
export function isReadByAll(observed: Observed, tree: ObservedTree, seals: SealsListed, at: UnixSeconds): boolean {
  const followers = followersAt(observed, tree, at);
  return (
    followers.length > 0 && followers.every((phone) => [...seals.keys()].every((seal) => acceptsSeal(phone, seal, at)))
  );
}
