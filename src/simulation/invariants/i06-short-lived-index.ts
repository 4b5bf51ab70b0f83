// DB I6: the index is short-lived in caches, and not longer-lived than it was.

import { MINUTE } from "../../core/clock.ts";
import type { Observed } from "../observe/observed.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const shortLivedIndex: Invariant = {
  id: "I6",
  rule: "Caches may keep an index for two minutes at most, and never for longer than at the beginning.",
  experience:
    "Caches of different age serve new and old indexes in turn: phones that miss their line fetch everything again.",
  check: (observed) => earliest(findLongLived(observed)),
};

const MAX_CACHE_SECONDS = 2 * MINUTE;

function* findLongLived({ trees }: Observed): Generator<Violation> {
  for (const { name, indexes } of trees) {
    const written = indexes.filter(({ body }) => body !== null);
    const allowed = Math.min(MAX_CACHE_SECONDS, written[0]?.cacheSeconds ?? 0);
    const longLived = written.find(({ cacheSeconds }) => cacheSeconds > allowed);
    if (longLived === undefined) continue;
    const { at, cacheSeconds } = longLived;
    const what = `Caches may keep this index for ${cacheSeconds} s; ${allowed} s are allowed.`;
    yield { at, where: name, witness: `${cacheSeconds} s`, what };
  }
}
