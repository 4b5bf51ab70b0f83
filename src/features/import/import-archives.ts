// Everything of one source that is due: each waiting archive once, in order, then settled ones looked at again.

import type { UnixSeconds } from "../../core/clock.ts";
import { isOutage } from "./classify-failure.ts";
import * as events from "./events.ts";
import { importArchive } from "./import-archive.ts";
import type { ImportDeps, ImportSource } from "./import-types.ts";
import { leaseArchive } from "./lease-archive.ts";
import { recheckArchives } from "./recheck-archives.ts";
import { reopenNewlyTrusted } from "./reopen-archives.ts";

export interface ImportRun {
  readonly completed: number;
  readonly retried: number;
  readonly quarantined: number;
}

/** So many archives in a row that cannot be reached are an outage: the others wait for the next run. */
const OUTAGE_AFTER = 3;

/**
 * One archive is in memory at a time. Several processes may run this at once. Only trouble with the database rejects;
 * what was leased by then is taken up again when its lease has lapsed.
 */
export async function importArchives(deps: ImportDeps, source: ImportSource, now: UnixSeconds): Promise<ImportRun> {
  await reopenNewlyTrusted(deps, source, now);
  const isOver = untilOver(deps);
  let isRechecked = false;
  const run = { completed: 0, retried: 0, quarantined: 0 };
  for (let unreachable = 0; unreachable < OUTAGE_AFTER && !isOver(); ) {
    // What fails in this run is due again after `now`, so the run ends.
    const leased = await leaseArchive(deps, source.id, now, Math.max(now, deps.clock.now()));
    if (leased === null) {
      if (isRechecked || (await recheckArchives(deps, source, now, isOver)) === 0) break;
      isRechecked = true;
      continue;
    }
    const progress = await importArchive(deps, source, leased);
    if (progress?.state === "complete") run.completed++;
    if (progress?.state === "quarantined") run.quarantined++;
    if (progress?.state === "retry") run.retried++;
    unreachable = isOutage(progress?.reason ?? null) ? unreachable + 1 : 0;
    if (unreachable === OUTAGE_AFTER) events.reportSourceUnreachable(deps.report, source, progress?.reason ?? null);
  }
  return run;
}

/** Whether the run has taken its time. */
function untilOver({ clock, settings }: ImportDeps): () => boolean {
  const endsAt = clock.now() + settings.runSeconds;
  return () => clock.now() >= endsAt;
}
