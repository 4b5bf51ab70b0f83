// A revision that came before its original: kept aside, and applied when the original arrives.

import type { ExposureKey } from "./exposure-key.ts";
import { type MergeDecision, mergeKey } from "./merge-key.ts";

/**
 * What the kept revision does to its original: the same as if the two had come in their right order. Both are of one
 * source; the caller keeps revisions by source.
 */
export function applyAwaited(original: ExposureKey, revision: ExposureKey): MergeDecision {
  return mergeKey({ ...original, revision: null }, revision, "owner");
}
