// DB I19: the state keeps exporting to the importer until its last upload is imported.

import { isoTime, type UnixSeconds } from "../../core/clock.ts";
import { appearancesOf } from "../observe/appearances.ts";
import type { KnownPersonKey, Observed, ObservedTree } from "../observe/observed.ts";
import { carriedKeys, isRevokedBy, neededUntil } from "../observe/person-keys.ts";
import { eventsOf, switchedOffAt } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const exportsUntilLastUpload: Invariant = {
  id: "I19",
  rule: "When the exporter for the importer ends, every key of its places has been exported, now or ever, and imported before the tree goes.",
  experience: "People go on reporting to the state, and nobody outside hears of it.",
  check: (observed) => earliest(findStranded(observed)),
};

function* findStranded(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees.filter(({ role }) => role === "second")) {
    const ended = eventsOf(observed, "exporter-ended").find((event) => event.tree === tree.name);
    const offAt = switchedOffAt(observed, tree);
    const endedAt = Math.min(ended?.at ?? Infinity, offAt);
    if (endedAt === Infinity) continue;
    yield* neverExported(observed, tree, endedAt);
    if (offAt !== Infinity) yield* neverImported(observed, tree, offAt);
  }
}

/** Also what was entered after the end. */
function* neverExported(observed: Observed, tree: ObservedTree, endedAt: UnixSeconds): Generator<Violation> {
  for (const { key, opensAt } of strandable(observed, tree)) {
    if (appearancesOf(tree).has(key.keyHex)) continue;
    const at = Math.max(endedAt, opensAt);
    if (isRevokedBy(key, at + observed.limits.listedWithinSeconds)) continue;
    const what = `The exporter of ${tree.name} ended at ${isoTime(endedAt)}, and this key of ${key.place} was never exported.`;
    yield { at, where: tree.name, witness: key.keyHex, what };
  }
}

/** Nothing that reads the tree has the key when it goes. */
function* neverImported(observed: Observed, tree: ObservedTree, offAt: UnixSeconds): Generator<Violation> {
  for (const { key } of strandable(observed, tree)) {
    const importers = observed.trees.filter(
      ({ role, carries }) => role === "national" && carries.some(({ place }) => place === key.place),
    );
    const isTooOld = neededUntil(key, tree) <= offAt;
    if (isTooOld || importers.length === 0 || isRevokedBy(key, offAt)) continue;
    if (importers.some((importer) => appearancesOf(importer).has(key.keyHex))) continue;
    const what = `${tree.name} was switched off, and this key of ${key.place} had not been imported.`;
    yield { at: offAt, where: tree.name, witness: key.keyHex, what };
  }
}

/** What is older than the retention when the way opens never has to travel; what was released last may come later. */
function* strandable(
  observed: Observed,
  tree: ObservedTree,
): Generator<{ readonly key: KnownPersonKey; readonly opensAt: UnixSeconds }> {
  for (const { key, opensAt } of carriedKeys(observed, tree.carries)) {
    const isOver = opensAt + observed.limits.listedWithinSeconds >= neededUntil(key, tree);
    if (!isOver && opensAt <= observed.endsAt) yield { key, opensAt };
  }
}
