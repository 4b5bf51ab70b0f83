// DB I27: before a location is switched off, nobody has asked for its index for 14 days.

import { DAY, isoTime, type UnixSeconds } from "../../core/clock.ts";
import { followedAt } from "../observe/followed-trees.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { eventsOf, treeNamed } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const nobodyAsksAnyMore: Invariant = {
  id: "I27",
  rule: "A tree is switched off only when no supported app has asked for its index for 14 days, and none does afterwards.",
  experience: "Phones that did not take the update lose the service, and nobody tells their owners.",
  check: (observed) => earliest(findServed(observed)),
};

const QUIET_SECONDS = 14 * DAY;

interface IndexRequest {
  readonly at: UnixSeconds;
  readonly phone: string;
}

function* findServed(observed: Observed): Generator<Violation> {
  for (const { at: offAt, tree: name } of eventsOf(observed, "switched-off")) {
    const tree = treeNamed(observed, name);
    for (const { at, phone } of tree === undefined ? [] : requestsFor(observed, tree)) {
      if (at <= offAt - QUIET_SECONDS) continue;
      const what = `A phone asked for the index at ${isoTime(at)}; it was switched off at ${isoTime(offAt)}.`;
      yield { at: Math.max(at, offAt), where: name, witness: phone, what };
    }
  }
}

/** What the script tells of, and every check of a phone that follows the tree. */
function* requestsFor(observed: Observed, tree: ObservedTree): Generator<IndexRequest> {
  for (const { at, tree: asked, phone } of eventsOf(observed, "index-requested")) {
    if (asked === tree.name) yield { at, phone };
  }
  for (const phone of observed.phones) {
    for (const { result } of phone.checks) {
      const followed = followedAt(phone, result.at);
      const urls = followed === undefined ? [] : [followed, ...followed.roaming].map(({ indexUrl }) => indexUrl);
      if (urls.includes(tree.indexUrl)) yield { at: result.at, phone: phone.name };
    }
  }
}
