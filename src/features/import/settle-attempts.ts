// The second half of attempts: what was prepared is saved, what failed is recorded.

import type { Attempt, PreparedArchive } from "./attempt-archive.ts";
import { completeArchives } from "./complete-archives.ts";
import * as events from "./events.ts";
import type { ImportDeps, ImportSource } from "./import-types.ts";
import type { ServerProbe } from "./probe-server.ts";
import type { Completion } from "./queries.ts";
import { recordFailure } from "./record-failure.ts";
import { isLarge, saveAhead } from "./save-ahead.ts";
import type { ArchiveProgress } from "./state-machine.ts";

/**
 * Answers what became of each archive, in their order; null when its lease was lost. Rejects only when a failure cannot
 * be recorded; then the leases of the rest lapse.
 */
export async function settleAttempts(
  deps: ImportDeps,
  source: ImportSource,
  attempts: readonly Attempt[],
  probe: ServerProbe,
): Promise<(ArchiveProgress | null)[]> {
  const prepared = attempts.filter((attempt) => "judged" in attempt);
  const settled: (ArchiveProgress | null)[] = [];
  for (const archives of togetherOf(deps, prepared)) {
    settled.push(...(await saveTogether(deps, source, archives, probe)));
  }
  for (const attempt of attempts) {
    if ("judged" in attempt) continue;
    settled.push(await recordFailure(deps, source, attempt.leased, attempt.error, attempt.seen, probe));
  }
  return settled;
}

/** In their order: small ones together, and each large one alone. */
function togetherOf(deps: ImportDeps, archives: readonly PreparedArchive[]): PreparedArchive[][] {
  const groups: PreparedArchive[][] = [];
  for (const [at, archive] of archives.entries()) {
    const previous = archives[at - 1];
    const group = groups.at(-1);
    if (previous === undefined || group === undefined || isLarge(deps, previous) || isLarge(deps, archive))
      groups.push([archive]);
    else group.push(archive);
  }
  return groups;
}

/** All in one transaction; if that fails each in its own, so that one that cannot be saved harms none beside it. */
async function saveTogether(
  deps: ImportDeps,
  source: ImportSource,
  archives: readonly PreparedArchive[],
  probe: ServerProbe,
): Promise<(ArchiveProgress | null)[]> {
  try {
    const completions = await complete(deps, source, archives);
    return completions.map((completion, at) => {
      const leased = archives[at]?.leased;
      if (leased && completion) events.reportCompleted(deps.report, source, leased, completion.counts);
      else if (leased) events.reportLeaseLost(deps.report, source, leased);
      return completion?.progress ?? null;
    });
  } catch (error) {
    const [only] = archives;
    if (only && archives.length === 1) return [await recordFailure(deps, source, only.leased, error, only.seen, probe)];
    events.reportSeparated(deps.report, source, archives.length, error);
    const settled: (ArchiveProgress | null)[] = [];
    for (const archive of archives) settled.push(...(await saveTogether(deps, source, [archive], probe)));
    return settled;
  }
}

async function complete(
  deps: ImportDeps,
  source: ImportSource,
  archives: readonly PreparedArchive[],
): Promise<(Completion | null)[]> {
  const [only] = archives;
  if (only === undefined || !isLarge(deps, only)) return completeArchives(deps, source, archives);
  const rest = await saveAhead(deps, source, only);
  return rest === null ? [null] : completeArchives(deps, source, [rest]);
}
