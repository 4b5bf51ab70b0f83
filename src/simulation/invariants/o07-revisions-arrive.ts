// O7: the last state of a key reaches every tree that lists the key (KS 13.1 P7, 13.4 I11).

import { isoTime } from "../../core/clock.ts";
import { appearancesOf } from "../observe/appearances.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { carriedKeys } from "../observe/person-keys.ts";
import { saysTheSame } from "../observe/record-values.ts";
import { switchedOffAt } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const revisionsArrive: Invariant = {
  id: "O7",
  rule: "What a key was revised to is listed soon afterwards wherever the key had been listed with other values.",
  experience: "A test proves wrong or is confirmed, and phones go on with what was said before.",
  check: (observed) => earliest(findStale(observed)),
};

function* findStale(observed: Observed): Generator<Violation> {
  for (const tree of observed.trees) yield* staleKeys(observed, tree);
}

function* staleKeys(observed: Observed, tree: ObservedTree): Generator<Violation> {
  const endsAt = Math.min(observed.endsAt, switchedOffAt(observed, tree));
  for (const { key, opensAt } of carriedKeys(observed, tree.carries)) {
    const last = key.states.at(-1);
    const appearances = appearancesOf(tree).get(key.keyHex);
    if (last === undefined || key.states.length < 2 || appearances === undefined) continue;
    const dueAt = Math.max(last.at, opensAt) + observed.limits.listedWithinSeconds;
    const isThere = appearances.some(({ listing, recordHex }) => listing.from <= dueAt && saysTheSame(last, recordHex));
    if (isThere || dueAt >= endsAt) continue;
    const what = `The key was revised at ${isoTime(last.at)}, and is listed with what was said before.`;
    yield { at: dueAt, where: tree.name, witness: key.keyHex, what };
  }
}
