// One leased archive: fetch, judge, and save everything in one transaction together with its own completion.

import { saveKeys } from "../exposures/save-keys.ts";
import * as events from "./events.ts";
import { fetchArchive } from "./fetch-archive.ts";
import { accountForKeys } from "./import-counts.ts";
import type { ImportCounts, ImportDeps, ImportSource, ListedArchive, SeenContent } from "./import-types.ts";
import { type JudgedArchive, judgeArchive } from "./judge-archive.ts";
import { recordFailure } from "./lease-archive.ts";
import { isDigestComplete, lockArchive, writeCounts, writeProgress, writeSeenContent } from "./queries.ts";
import { lockSource } from "./sources/queries.ts";
import { readTrustedKeys } from "./sources/read-trusted-keys.ts";
import { type ArchiveProgress, nextProgress } from "./state-machine.ts";

/**
 * Answers what became of the archive, null when its lease was lost. Rejects only when the failure itself cannot be
 * recorded; then the lease lapses.
 */
export async function importArchive(
  deps: ImportDeps,
  source: ImportSource,
  leased: ListedArchive,
): Promise<ArchiveProgress | null> {
  let seen: SeenContent | null = null;
  try {
    const fetched = await fetchArchive(deps, source, leased);
    seen = fetched.seen;
    // After the fetch, which may take minutes: an operator may have added the key meanwhile.
    const trustedKeys = await readTrustedKeys(deps, source);
    const judged = await judgeArchive(deps, source, trustedKeys, {
      bytes: fetched.bytes,
      discoveredAt: leased.discoveredAt,
      now: deps.clock.now(),
    });
    return await completeArchive(deps, source, leased, judged, seen);
  } catch (error) {
    const progress = await recordFailure(deps, leased, error, seen, deps.clock.now());
    if (progress === null) events.reportLeaseLost(deps.report, source, leased);
    else events.reportFailed(deps.report, source, leased, progress, error);
    return progress;
  }
}

async function completeArchive(
  { database, clock, exposures, report }: ImportDeps,
  source: ImportSource,
  leased: ListedArchive,
  judged: JudgedArchive,
  seen: SeenContent,
): Promise<ArchiveProgress | null> {
  const now = clock.now();
  const completed = await database.transaction(async (tx) => {
    // Two archives of one source may hold an original and its revision.
    await lockSource(tx, source.id);
    const { progress } = await lockArchive(tx, leased.id);
    const next = nextProgress(progress, { kind: "saved", leaseToken: leased.progress.leaseToken });
    if (next === null) return null;
    const outcomes: ImportCounts["outcomes"] = (await isDigestComplete(tx, leased, seen.digest))
      ? { duplicate: judged.primaries.length + judged.revised.length }
      : (await saveKeys(tx, saveRequest(source, judged, now), exposures)).counts;
    const counts = accountForKeys(judged.keyCount, outcomes, judged.refusals);
    await writeCounts(tx, leased.id, counts, now);
    await writeSeenContent(tx, leased.id, seen, now);
    await writeProgress(tx, leased.id, next, now);
    return { next, counts };
  });
  if (completed === null) events.reportLeaseLost(report, source, leased);
  else events.reportCompleted(report, source, leased, completed.counts);
  return completed?.next ?? null;
}

function saveRequest(source: ImportSource, { primaries, revised }: JudgedArchive, now: number) {
  return {
    origin: { kind: "import", sourceId: source.id },
    regions: [source.region],
    traveler: source.traveler,
    now,
    primaries,
    revised,
  } as const;
}
