// O9: archives are deleted in the end (KS 13.3 E9 and E14, 13.5 M4).

import { DAY, isoTime } from "../../core/clock.ts";
import { listedSpans } from "../observe/listed-spans.ts";
import { listingsOf } from "../observe/listings.ts";
import type { Observed } from "../observe/observed.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const archivesExpire: Invariant = {
  id: "O9",
  rule: "An archive whose line is gone is deleted within a week.",
  experience: "Keys stay public without end for everybody who kept an address.",
  check: (observed) => earliest(findKept(observed)),
};

/** Longer than every grace in the field. */
const LONGEST_GRACE_SECONDS = 7 * DAY;

function* findKept(observed: Observed): Generator<Violation> {
  const { listedWithinSeconds, clockErrorSeconds = 0 } = observed.limits;
  for (const tree of observed.trees) {
    for (const { archive, line } of listingsOf(tree)) {
      const goneAt = listedSpans(tree).get(line)?.at(-1)?.until ?? null;
      if (goneAt === null) continue;
      const dueAt = goneAt + LONGEST_GRACE_SECONDS + listedWithinSeconds + clockErrorSeconds;
      if ((archive.deletedAt ?? Infinity) <= dueAt || observed.endsAt <= dueAt) continue;
      const what = `${line} still stands; its line left the index at ${isoTime(goneAt)}.`;
      yield { at: dueAt, where: tree.name, witness: line, what };
    }
  }
}
