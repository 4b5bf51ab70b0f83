// Which archives a round looks at: those that are new or failed, then a few that were good, those first that waited longest.

import { plainLine } from "./judge-tree.ts";
import type { SeenLine, WatchedTree } from "./watch-types.ts";

/** Fetched and verified in one turn; the others have another. */
export const NEW_PER_TURN = 16;
/** Asked again in one turn whether they are there. */
const KNOWN_PER_TURN = 32;
/** Of those whose server gives no validator, so that asking costs the whole archive. */
const COSTLY_PER_TURN = 1;

export interface ArchiveChoice {
  readonly lines: readonly SeenLine[];
  /** New ones are left for another turn. */
  readonly hasMore: boolean;
}

/** Those that the server published and still has; the newest is always asked for. */
export function chooseArchives(tree: WatchedTree, index: readonly SeenLine[], now: number): ArchiveChoice {
  const there = new Set(tree.archives.filter(({ deletedAt }) => deletedAt === null).map(({ line }) => plainLine(line)));
  const listed = index.filter(({ line }) => there.has(line));
  // What failed in this very round is not tried twice in it.
  const wanted = listed.filter(({ digest, code, lookedAt }) =>
    digest === null || code !== null ? lookedAt === null || lookedAt < now : false,
  );
  const newOnes = wanted.toReversed();
  const good = listed.filter(({ digest, code }) => digest !== null && code === null);
  const newest = good.at(-1);
  const others = good
    .filter((line) => line !== newest)
    .toSorted((one, other) => (one.lookedAt ?? 0) - (other.lookedAt ?? 0));
  const ordered = newest === undefined ? [] : [newest, ...others];
  const [cheap, costly] = [ordered.filter(hasValidator), ordered.filter((line) => !hasValidator(line))];
  const again = [...cheap.slice(0, KNOWN_PER_TURN), ...costly.slice(0, COSTLY_PER_TURN)];
  const hasMore = newOnes.length > NEW_PER_TURN;
  return { lines: [...newOnes.slice(0, NEW_PER_TURN), ...(hasMore ? [] : again)], hasMore };
}

function hasValidator({ etag, lastModified }: SeenLine): boolean {
  return etag !== null || lastModified !== null;
}
