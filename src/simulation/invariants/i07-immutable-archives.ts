// DB I7: archives are immutable; a name is never used twice for other keys.

import { archivesByLine, listingsOf } from "../observe/listings.ts";
import type { Observed } from "../observe/observed.ts";
import type { ObservedArchive } from "../observe/observed-archive.ts";
import { holdsSameKeys } from "../observe/same-keys.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const immutableArchives: Invariant = {
  id: "I7",
  rule: "A name that phones could see is never used again for other keys.",
  experience: "Phones that had fetched the name never fetch the new keys; caches serve the old bytes to the others.",
  check: (observed) => earliest(findReused(observed)),
};

function* findReused({ trees }: Observed): Generator<Violation> {
  for (const tree of trees) {
    const listedFrom = new Map(listingsOf(tree).map(({ archive, from }) => [archive, from]));
    for (const [line, archives] of archivesByLine(tree)) {
      if (archives.length < 2) continue;
      const isSeenBy = (archive: ObservedArchive, at: number) => (listedFrom.get(archive) ?? Infinity) < at;
      const reused = archives.find((archive, index) =>
        archives
          .slice(0, index)
          .some((earlier) => isSeenBy(earlier, archive.putAt) && !holdsSameKeys(earlier, archive)),
      );
      if (reused === undefined) continue;
      yield { at: reused.putAt, where: tree.name, witness: line, what: `${line} was put again with other keys.` };
    }
  }
}
