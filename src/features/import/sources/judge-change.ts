// What other settings of a source mean for what was learned under the old ones.

import type { ImportSource } from "../import-types.ts";

export interface ChangeEffects {
  /** What the old index URL said about unchanged content is worth nothing at the new one. */
  readonly isIndexMoved: boolean;
  /** The same of archives. Their identity stays the digest: the same bytes are not imported again. */
  readonly areArchivesMoved: boolean;
  /** The failures that say nothing any more, after which archives get another chance. */
  readonly mended: readonly string[] | "all";
}

export function judgeChange(before: ImportSource, after: ImportSource): ChangeEffects {
  const areArchivesMoved = before.baseUrl !== after.baseUrl;
  return {
    isIndexMoved: before.indexUrl !== after.indexUrl,
    areArchivesMoved,
    mended: areArchivesMoved ? "all" : mendedReasons(before, after),
  };
}

function mendedReasons(before: ImportSource, after: ImportSource): string[] {
  const reasons: string[] = [];
  if (hasMore(before.headerRegions, after.headerRegions)) reasons.push("archive_region_not_allowed");
  if (hasMore(before.otherEntries, after.otherEntries)) reasons.push("archive_entry_unexpected");
  if (!before.batchParts && after.batchParts) reasons.push("archive_batch_incomplete");
  if (!before.allowPrivateAddresses && after.allowPrivateAddresses) reasons.push("fetch_private_address");
  return reasons;
}

function hasMore(before: readonly string[], after: readonly string[]): boolean {
  return after.some((one) => !before.includes(one));
}
