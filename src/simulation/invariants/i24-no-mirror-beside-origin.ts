// DB I24: home and roaming lists never contain both the mirror and the origin of the same files.

import type { UnixSeconds } from "../../core/clock.ts";
import { treesOf } from "../observe/followed-trees.ts";
import type { Observed, ObservedPhone, ObservedTree } from "../observe/observed.ts";
import { sourcesOf } from "../observe/source-archives.ts";
import { eventsOf } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const noMirrorBesideOrigin: Invariant = {
  id: "I24",
  rule: "No phone reads two indexes together that have files of the same origin.",
  experience: "The same keys come twice in one call, and one origin that fails sinks both.",
  check: (observed) => earliest(findDoubled(observed)),
};

function* findDoubled(observed: Observed): Generator<Violation> {
  for (const phone of observed.phones) yield* doubledOrigins(observed, phone);
}

function* doubledOrigins(observed: Observed, { name, follows }: ObservedPhone): Generator<Violation> {
  for (const [position, followed] of follows.entries()) {
    const endsAt = Math.min(follows[position + 1]?.from ?? Infinity, observed.endsAt);
    const origins = new Map<string, { readonly reader: string; readonly from: UnixSeconds }>();
    for (const tree of treesOf(observed, followed)) {
      for (const [origin, from] of originsOf(observed, tree)) {
        const other = origins.get(origin);
        origins.set(origin, { reader: tree.name, from });
        const at = Math.max(followed.from, from, other?.from ?? 0);
        if (other === undefined || at >= endsAt) continue;
        const what = `The phone reads ${other.reader} and ${tree.name}, which both have the files of ${origin}.`;
        yield { at, where: name, witness: tree.indexUrl, what };
      }
    }
  }
}

/** The tree itself and what it repeats, each with the time since when it does; a mirror of a mirror included. */
function originsOf(observed: Observed, tree: ObservedTree): Map<string, UnixSeconds> {
  const origins = new Map<string, UnixSeconds>();
  const visit = (each: ObservedTree, since: UnixSeconds): void => {
    if (origins.has(each.name)) return;
    origins.set(each.name, since);
    for (const source of sourcesOf(observed, each))
      visit(source, Math.max(since, mirroredSince(observed, each, source)));
  };
  visit(tree, observed.startsAt);
  return origins;
}

function mirroredSince(observed: Observed, mirror: ObservedTree, source: ObservedTree): UnixSeconds {
  const switched = eventsOf(observed, "content-switched").find(
    (event) => event.tree === mirror.name && event.source === source.name,
  );
  return switched?.at ?? observed.startsAt;
}
