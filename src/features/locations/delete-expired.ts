// Deleting archives once no phone can be on its way to them any more (DB I5).

import type { UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { LocationDeps } from "./location-deps.ts";
import { deleteArchiveRows, markArchives, readUnlistedBefore } from "./queries.ts";
import { requireLocation } from "./reconcile-index.ts";

/**
 * Deletes the objects whose line left the index at least the location's grace ago, each by itself: one that fails is
 * reported and tried again, the others go. What they published is remembered for one more retention.
 */
export async function deleteExpired(deps: LocationDeps, name: string, now: UnixSeconds): Promise<void> {
  const { db } = deps.database;
  const location = await requireLocation(deps, name);
  for (const archive of await readUnlistedBefore(db, location.id, now - location.graceSeconds)) {
    try {
      await deps.blobs.delete(location.basePrefix + archive.line);
      await markArchives(db, location.id, [archive.seq], "deleted_at", now);
    } catch (error) {
      deps.report({
        event: "location.deletion-failed",
        level: "warn",
        location: name,
        line: archive.line,
        code: codeOf(error) ?? "unexpected",
      });
    }
  }
  await deleteArchiveRows(db, location.id, now - location.retentionSeconds);
}
