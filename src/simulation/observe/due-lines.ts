// When a line may leave its index.

import type { UnixSeconds } from "../../core/clock.ts";
import { listedSpans } from "./listed-spans.ts";
import { archivesByLine } from "./listings.ts";
import type { ObservedLimits, ObservedTree } from "./observed.ts";

/**
 * The retention counts from when the archive was put, or from the end of its window: a server that takes over a tree
 * does not know when it was put. A line without an archive is due with its first listing and the retention.
 */
export function dueAt(
  tree: ObservedTree,
  line: string,
  { clockErrorSeconds = 0 }: Pick<ObservedLimits, "clockErrorSeconds">,
): UnixSeconds {
  const archive = archivesByLine(tree).get(line)?.[0];
  const putAt = archive?.putAt ?? listedSpans(tree).get(line)?.[0]?.from ?? 0;
  const endsAt = Number(archive?.content?.end ?? putAt);
  return Math.min(putAt, endsAt) + tree.retentionSeconds - clockErrorSeconds;
}
