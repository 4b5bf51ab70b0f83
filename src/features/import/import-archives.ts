// Everything of one source that is due: each waiting archive once, in order, then settled ones looked at again.

import type { UnixSeconds } from "../../core/clock.ts";
import { releaseBytes } from "../../core/release-bytes.ts";
import { collectGarbageAfter } from "../../platform/memory/collect-garbage.ts";
import { isOutage } from "../upstreams/classify-failure.ts";
import { ArchiveFeed } from "./archive-feed.ts";
import type { Attempt } from "./attempt-archive.ts";
import * as events from "./events.ts";
import type { ImportDeps, ImportSource } from "./import-types.ts";
import { createServerProbe } from "./probe-server.ts";
import { recheckArchives } from "./recheck-archives.ts";
import { reopenNewlyTrusted } from "./reopen-archives.ts";
import { settleAttempts } from "./settle-attempts.ts";
import type { ArchiveProgress } from "./state-machine.ts";

export interface ImportRun {
  readonly completed: number;
  readonly retried: number;
  readonly quarantined: number;
  /** It took its time; more may be due. */
  readonly isCutShort: boolean;
}

/** So many archives in a row that cannot be reached are an outage: the others wait for the next run. */
const OUTAGE_AFTER = 3;
/** As long as all goes well, twice as many archives are taken at once each time, up to this many. */
const MOST_AT_ONCE = 64;
/** While so many keys are saved, the next archives are fetched; while more are, there is no room in memory for others. */
const KEYS_BESIDE_OTHERS = 200_000;

/**
 * Begins with one archive at a time; as long as none fails, small ones are saved together, and the next are fetched
 * meanwhile. Several processes may run this at once. Only trouble with the database rejects; what was leased by then is
 * taken up again when its lease has lapsed.
 */
export async function importArchives(deps: ImportDeps, source: ImportSource, now: UnixSeconds): Promise<ImportRun> {
  await reopenNewlyTrusted(deps, source, now);
  const isOver = untilOver(deps);
  const probe = createServerProbe(deps, source);
  const feed = new ArchiveFeed(deps, source, now, isOver);
  const run = { completed: 0, retried: 0, quarantined: 0 };
  let [pace, unreachable, isRechecked, isCutShort] = [1, 0, false, false];
  let attempts = await feed.next(pace);
  try {
    for (;;) {
      if (attempts.length === 0) {
        isCutShort = isOver();
        if (isRechecked || isCutShort || (await recheckArchives(deps, source, now, isOver)) === 0) break;
        isRechecked = true;
        attempts = await feed.next(pace);
        continue;
      }
      const ahead = pace > 1 && leavesRoom(attempts) ? feed.next(pace) : undefined;
      const [settled, next] = await both(settleAttempts(deps, source, attempts, probe), ahead);
      count(run, settled);
      for (const progress of settled) unreachable = isOutage(progress?.reason ?? null) ? unreachable + 1 : 0;
      if (unreachable >= OUTAGE_AFTER || probe.isUnwell()) {
        events.reportSourceUnreachable(deps.report, source, settled.at(-1)?.reason ?? null);
        break;
      }
      pace = settled.every((progress) => progress?.state === "complete") ? Math.min(pace * 2, MOST_AT_ONCE) : 1;
      // Before the next ones are fetched, so that memory does not have to hold both.
      release(attempts);
      attempts = next ?? (await feed.next(pace));
    }
  } finally {
    await feed.close();
  }
  return { ...run, isCutShort };
}

/** Whether the next archives may be fetched while these are saved: none failed, and memory has room for both. */
function leavesRoom(attempts: readonly Attempt[]): boolean {
  const keyCounts = attempts.map((attempt) => ("judged" in attempt ? attempt.judged.keyCount : Number.MAX_VALUE));
  return keyCounts.reduce((sum, keyCount) => sum + keyCount, 0) <= KEYS_BESIDE_OTHERS;
}

function release(attempts: readonly Attempt[]): void {
  let keyCount = 0;
  for (const attempt of attempts) {
    if (!("judged" in attempt)) continue;
    keyCount += attempt.judged.keyCount;
    releaseBytes(attempt.judged.primaries.bytes);
    releaseBytes(attempt.judged.revised.bytes);
  }
  collectGarbageAfter(keyCount);
}

/** Both results, once both have ended; the first failure if one failed. */
async function both<A, B>(first: Promise<A>, second: Promise<B> | undefined): Promise<[A, B | undefined]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

function count(
  run: { completed: number; retried: number; quarantined: number },
  settled: readonly (ArchiveProgress | null)[],
): void {
  for (const progress of settled) {
    if (progress?.state === "complete") run.completed++;
    if (progress?.state === "quarantined") run.quarantined++;
    if (progress?.state === "retry") run.retried++;
  }
}

/** Whether the run has taken its time. */
function untilOver({ clock, settings }: ImportDeps): () => boolean {
  const endsAt = clock.now() + settings.runSeconds;
  return () => clock.now() >= endsAt;
}
