// DB I16: a switch of seal covers the whole listed back-log at once.

import { isReadByAll, sealsAt, sealTimeline } from "../observe/mixed-seals.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { type EventOf, eventsOf, treeNamed } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const wholeSwitch: Invariant = {
  id: "I16",
  rule: "When the seal of an index is switched, everything listed carries the new one from the first new archive on, and in time.",
  experience: "New phones stay stuck on the old lines for as long as those are listed.",
  check: (observed) => earliest(findHalfSwitches(observed)),
};

function* findHalfSwitches(observed: Observed): Generator<Violation> {
  for (const event of eventsOf(observed, "seal-switched")) {
    const tree = treeNamed(observed, event.tree);
    if (tree !== undefined) yield* halfSwitched(observed, tree, event);
  }
}

function* halfSwitched(observed: Observed, tree: ObservedTree, event: EventOf<"seal-switched">): Generator<Violation> {
  // The second before: at that of the event the index may be the new one already.
  const old = new Set(sealsAt(tree, event.at - 1).keys());
  const latest = event.at + observed.limits.listedWithinSeconds;
  const moments = sealTimeline(tree).filter(({ at }) => at >= event.at);
  if (latest <= observed.endsAt) moments.push({ at: latest, seals: sealsAt(tree, latest) });
  for (const { at, seals } of moments) {
    const [stale] = [...seals].filter(([seal]) => old.has(seal));
    const isSwitched = [...seals.keys()].some((seal) => !old.has(seal));
    if (stale === undefined || (!isSwitched && at < latest) || isReadByAll(observed, tree, seals, at)) continue;
    const [seal, line] = stale;
    yield { at, where: tree.name, witness: line, what: `${line} still carries ${seal} after the switch.` };
  }
}
