// The events of a world by kind, and what they mean for the history of a tree.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Observed, ObservedTree } from "./observed.ts";
import type { WorldEvent } from "./world-event.ts";

export type EventOf<Kind extends WorldEvent["kind"]> = Extract<WorldEvent, { readonly kind: Kind }>;

/** In order of time. */
export function eventsOf<Kind extends WorldEvent["kind"]>(
  { events }: Pick<Observed, "events">,
  kind: Kind,
): EventOf<Kind>[] {
  return events.filter((event): event is EventOf<Kind> => event.kind === kind);
}

export function treeNamed({ trees }: Pick<Observed, "trees">, name: string): ObservedTree | undefined {
  return trees.find((tree) => tree.name === name);
}

/** When the tree was taken off the network; Infinity: never. */
export function switchedOffAt(observed: Pick<Observed, "events">, tree: Pick<ObservedTree, "name">): UnixSeconds {
  return eventsOf(observed, "switched-off").find((event) => event.tree === tree.name)?.at ?? Infinity;
}

/**
 * Numbers the instants of a tree by how often its phones had been forced to begin anew: what must not change does not
 * change within one number.
 */
export function runsOf(
  observed: Pick<Observed, "events">,
  tree: Pick<ObservedTree, "name">,
): (at: UnixSeconds) => number {
  const restarts = eventsOf(observed, "restart-forced").filter((event) => event.tree === tree.name);
  return (at) => restarts.reduce((count, restart) => (restart.at <= at ? count + 1 : count), 0);
}
