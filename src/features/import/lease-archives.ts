// Taking due archives for oneself, and giving back what was not begun.

import type { UnixSeconds } from "../../core/clock.ts";
import type { ImportDeps, LeasedArchive } from "./import-types.ts";
import { lockDueArchives, lockProgress, writeProgresses } from "./queries.ts";
import { nextProgress } from "./state-machine.ts";

/** Leases the first archives of the source that were due at `dueAt`, at most `limit`. */
export async function leaseArchives(
  { database, settings }: ImportDeps,
  sourceId: number,
  dueAt: UnixSeconds,
  now: UnixSeconds,
  limit: number,
): Promise<LeasedArchive[]> {
  return database.transaction(async (tx) => {
    const leased: LeasedArchive[] = [];
    for (const due of await lockDueArchives(tx, sourceId, dueAt, limit)) {
      const progress = nextProgress(due.progress, { kind: "lease", now, leaseSeconds: settings.leaseSeconds });
      if (progress !== null) leased.push({ ...due, progress, before: due.progress });
    }
    await writeProgresses(tx, leased, now);
    return leased;
  });
}

/** Makes archives that were leased and not begun due as they were before; those whose lease was lost stay as they are. */
export async function releaseArchives(
  { database }: ImportDeps,
  leased: readonly LeasedArchive[],
  now: UnixSeconds,
): Promise<void> {
  if (leased.length === 0) return;
  const ids = leased.map(({ id }) => id);
  await database.transaction(async (tx) => {
    const current = await lockProgress(tx, ids);
    const released = leased.flatMap(({ id, before, progress: { leaseToken } }) => {
      const held = current.get(id);
      const progress = held ? nextProgress(held, { kind: "released", leaseToken, before }) : null;
      return progress === null ? [] : [{ id, progress }];
    });
    await writeProgresses(tx, released, now);
  });
}
