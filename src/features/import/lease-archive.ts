// Taking one due archive for oneself, and writing down that its attempt failed.

import type { UnixSeconds } from "../../core/clock.ts";
import { classifyFailure } from "./classify-failure.ts";
import type { ImportDeps, ListedArchive, SeenContent } from "./import-types.ts";
import { lockArchive, lockDueArchive, writeProgress, writeSeenContent } from "./queries.ts";
import { readIndexCheck } from "./sources/queries.ts";
import { type ArchiveProgress, nextProgress } from "./state-machine.ts";

/** Leases the first archive of the source that was due at `dueAt`; null when there is none. */
export async function leaseArchive(
  { database, settings }: ImportDeps,
  sourceId: number,
  dueAt: UnixSeconds,
  now: UnixSeconds,
): Promise<ListedArchive | null> {
  return database.transaction(async (tx) => {
    const due = await lockDueArchive(tx, sourceId, dueAt);
    if (due === null) return null;
    const progress = nextProgress(due.progress, { kind: "lease", now, leaseSeconds: settings.leaseSeconds });
    if (progress === null) return null;
    await writeProgress(tx, due.id, progress, now);
    return { ...due, progress };
  });
}

/** Answers the new progress, or null when the lease was lost meanwhile and nothing was written. */
export async function recordFailure(
  { database }: ImportDeps,
  leased: ListedArchive,
  error: unknown,
  seen: SeenContent | null,
  now: UnixSeconds,
): Promise<ArchiveProgress | null> {
  const { leaseToken } = leased.progress;
  return database.transaction(async (tx) => {
    const { progress } = await lockArchive(tx, leased.id);
    const { outcome } = await readIndexCheck(tx, leased.sourceId);
    const failure = classifyFailure(error, { isIndexReadable: outcome !== "failed" });
    const next = nextProgress(progress, { kind: "failed", leaseToken, failure, now });
    if (next === null) return null;
    await writeProgress(tx, leased.id, next, now);
    await writeSeenContent(tx, leased.id, seen, now);
    return next;
  });
}
