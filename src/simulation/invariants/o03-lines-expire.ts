// O3: lines leave the index when their retention is over (KS 13.3 E14).

import { DAY, isoTime, type UnixSeconds } from "../../core/clock.ts";
import { linesOf } from "../observe/lines-at.ts";
import { listedSpans } from "../observe/listed-spans.ts";
import type { Observed, ObservedTree } from "../observe/observed.ts";
import { switchedOffAt } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const linesExpire: Invariant = {
  id: "O3",
  rule: "A line leaves its index soon after its retention, unless it is the newest, so that an index is never empty.",
  experience: "Keys stay public for longer than people were promised, and new phones process them for nothing.",
  check: (observed) => earliest(findOverdue(observed)),
};

function* findOverdue(observed: Observed): Generator<Violation> {
  const { indexCacheSeconds, listedWithinSeconds, clockErrorSeconds = 0 } = observed.limits;
  const patience = DAY + indexCacheSeconds + listedWithinSeconds + clockErrorSeconds;
  for (const tree of observed.trees) {
    const endsAt = Math.min(observed.endsAt, switchedOffAt(observed, tree));
    const succeededAt = successions(tree);
    for (const [line, spans] of listedSpans(tree)) {
      const first = spans[0]?.from ?? 0;
      const dueAt = Math.max(first + tree.retentionSeconds, succeededAt.get(line) ?? Infinity) + patience;
      const until = Math.min(spans.at(-1)?.until ?? Infinity, endsAt);
      if (until <= dueAt) continue;
      const what = `${line}, first listed at ${isoTime(first)}, is still listed.`;
      yield { at: dueAt, where: tree.name, witness: line, what };
    }
  }
}

/** Line -> since when it has not been the newest of its index. */
function successions({ indexes }: ObservedTree): Map<string, UnixSeconds> {
  const succeededAt = new Map<string, UnixSeconds>();
  let newest: string | undefined;
  for (const state of indexes) {
    const last = linesOf(state).at(-1) ?? newest;
    if (newest !== undefined && last !== newest) succeededAt.set(newest, state.at);
    for (const line of linesOf(state)) if (line !== last && !succeededAt.has(line)) succeededAt.set(line, state.at);
    newest = last;
  }
  return succeededAt;
}
