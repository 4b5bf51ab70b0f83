// Deleting archives once no phone can be on its way to them any more (DB I5).

import { DAY, type UnixSeconds } from "../../core/clock.ts";
import { codeOf } from "../../core/coded-error.ts";
import type { LocationDeps } from "./location-deps.ts";
import { deleteArchiveRows, markArchives, readUnlistedBefore } from "./queries.ts";
import { requireLocation } from "./reconcile-index.ts";

/** A key that is older is imported by nobody, so it cannot come again (KS 11.5 MAX_INTERVAL_AGE_ON_PUBLISH, and a day). */
const LATEST_REPETITION_SECONDS = 16 * DAY;

/**
 * Deletes the objects whose line left the index at least the location's grace ago, each by itself: one that fails is
 * reported and tried again, the others go. What they published is remembered until no key of it can come again (DB I20).
 */
export async function deleteExpired(deps: LocationDeps, name: string, begunAt: UnixSeconds): Promise<void> {
  const { database } = deps;
  // What is deleted does not come back: a clock that has gone back since the run began counts.
  const now = Math.min(begunAt, deps.clock.now());
  const location = await requireLocation(deps, name);
  for (const archive of await readUnlistedBefore(database.db, location.id, now - location.graceSeconds)) {
    if (deps.clock.now() < now) return;
    try {
      await deps.blobs.delete(location.basePrefix + archive.line);
      await markArchives(database.db, location.id, [archive.seq], "deleted_at", now);
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
  await deleteArchiveRows(
    database.db,
    location.id,
    now - Math.max(location.retentionSeconds, LATEST_REPETITION_SECONDS),
  );
}
