// DB I5: on removal the line goes first, the archive after a grace.

import { DAY, isoTime, MINUTE } from "../../core/clock.ts";
import { listedSpans, type Span } from "../observe/listed-spans.ts";
import { archivesByLine } from "../observe/listings.ts";
import type { Observed, ObservedLimits, ObservedTree } from "../observe/observed.ts";
import type { ObservedArchive } from "../observe/observed-archive.ts";
import { switchedOffAt } from "../observe/world-events.ts";
import { earliest } from "./earliest.ts";
import type { Invariant, Violation } from "./invariant.ts";

export const lineBeforeArchive: Invariant = {
  id: "I5",
  rule: "An archive is deleted only when its line has been gone for as long as caches serve the index, 30 minutes and a day.",
  experience: "A phone on its way through an index that it fetched in time gets a 404, and its check fails.",
  check: (observed) => earliest(findEarlyDeletions(observed)),
};

const DOWNLOAD_SECONDS = 30 * MINUTE;

export function graceSeconds({ indexCacheSeconds, clockErrorSeconds = 0 }: ObservedLimits): number {
  return Math.max(0, indexCacheSeconds + DOWNLOAD_SECONDS + DAY - clockErrorSeconds);
}

function* findEarlyDeletions(observed: Observed): Generator<Violation> {
  const grace = graceSeconds(observed.limits);
  for (const tree of observed.trees) {
    const endsAt = switchedOffAt(observed, tree);
    for (const archive of tree.archives) {
      const { line, deletedAt } = archive;
      if (deletedAt === null || deletedAt >= endsAt || isReplaced(tree, archive)) continue;
      const last = listedSpans(tree)
        .get(line)
        ?.findLast(({ from }) => from < deletedAt);
      if (last === undefined || !isTooEarly(last, archive.putAt, deletedAt, grace)) continue;
      const since =
        last.until === null || last.until > deletedAt ? "is still listed" : `was listed until ${isoTime(last.until)}`;
      yield { at: deletedAt, where: tree.name, witness: line, what: `${line} was deleted, and ${since}.` };
    }
  }
}

/** An archive that was put after the line had gone was never listed. */
function isTooEarly({ until }: Span, putAt: number, deletedAt: number, grace: number): boolean {
  return until === null || (putAt < until && deletedAt < until + grace);
}

/** Its name was put again at that moment: another invariant's. */
function isReplaced(tree: ObservedTree, { line, deletedAt }: ObservedArchive): boolean {
  return (
    archivesByLine(tree)
      .get(line)
      ?.some(({ putAt }) => putAt === deletedAt) === true
  );
}
