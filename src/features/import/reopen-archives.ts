// Gives quarantined archives another chance: on an operator's word, or because their signer is trusted now.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import { readTrusted } from "../upstreams/trust-queries.ts";
import * as events from "./events.ts";
import type { ImportDeps, ImportSource, ListedArchive } from "./import-types.ts";
import { lockArchives, type SettledFilter, writeProgress } from "./queries.ts";
import { lockSource } from "./sources/queries.ts";
import { nextProgress } from "./state-machine.ts";

/** What is quarantined for want of a trusted key. */
export const UNTRUSTED = ["archive_untrusted", "archive_signature_invalid"];

/** Makes archives that are quarantined or wait for a retry due at once: the one of `line`, or all. Answers how many. */
export async function retryArchives(
  deps: ImportDeps,
  source: ImportSource,
  now: UnixSeconds,
  line?: string,
): Promise<number> {
  const filter = { states: ["quarantined", "retry"], line } as const;
  const reopened = await deps.database.transaction((tx) => reopenArchives(tx, source, filter, now));
  for (const archive of reopened) events.reportReopened(deps.report, source, archive, "operator");
  return reopened.length;
}

/**
 * Reopens what was quarantined for its signature before the newest of the keys that are trusted by `now`: it was added
 * later, or its time has come since.
 */
export async function reopenNewlyTrusted(deps: ImportDeps, source: ImportSource, now: UnixSeconds): Promise<number> {
  const trusted = (await readTrusted(deps.database.db, [source.upstreamId])).get(source.upstreamId) ?? [];
  const trustedSince = trusted.map(({ from, addedAt }) => Math.max(from, addedAt)).filter((since) => since <= now);
  if (trustedSince.length === 0) return 0;
  // The last attempt may have read the trusted keys before, and machines' clocks differ: a key that does not help costs
  // a few attempts more, for the length of a lease.
  const quarantinedUntil = Math.max(...trustedSince) + deps.settings.leaseSeconds;
  const filter = { states: ["quarantined"], reasons: UNTRUSTED, quarantinedUntil } as const;
  const reopened = await deps.database.transaction((tx) => reopenArchives(tx, source, filter, now));
  for (const archive of reopened) events.reportReopened(deps.report, source, archive, "newly_trusted");
  return reopened.length;
}

/** Opens the archives that the filter names, none of which is worked on; answers them as they were. */
export async function reopenArchives(
  tx: Db,
  source: ImportSource,
  filter: SettledFilter,
  now: UnixSeconds,
): Promise<ListedArchive[]> {
  await lockSource(tx, source.id);
  const archives = await lockArchives(tx, source.id, filter);
  for (const archive of archives) {
    const progress = nextProgress(archive.progress, { kind: "reopen" });
    if (progress !== null) await writeProgress(tx, archive.id, progress, now);
  }
  return archives;
}
