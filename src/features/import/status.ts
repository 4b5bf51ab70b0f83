// Sources as operators see them: is each fresh, what waits, what was refused, whom it trusts.

import { parseArchiveName } from "../../archive/archive-name.ts";
import { DAY, type UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import { readTrusted } from "../upstreams/trust-queries.ts";
import type { ListingCheck, StoredTrustedKey } from "../upstreams/upstream-types.ts";
import { type OutcomeSums, sumOf, sumOutcomes } from "./import-counts.ts";
import type { ImportSource, UnfinishedArchive } from "./import-types.ts";
import { readCheckedSources } from "./sources/queries.ts";
import type { ArchiveState } from "./state-machine.ts";
import {
  type CompletedArchive,
  countStates,
  type KeySum,
  readLastCompleted,
  readOldestWaiting,
  type SourceChoice,
  type StateCount,
  sumKeys,
} from "./status-queries.ts";

export interface SourceOverview extends OutcomeSums {
  readonly source: ImportSource;
  readonly check: ListingCheck;
  readonly archives: Readonly<Record<ArchiveState, number>>;
  /** Of archives that were completed once, also if they wait to be imported again. */
  readonly keyCount: number;
  readonly refusedCount: number;
  readonly lastDay: RecentKeys;
  /** The one that has been waiting longest. */
  readonly oldestWaiting: UnfinishedArchive | null;
  readonly lastCompleted: LastCompleted | null;
  readonly trustedKeys: readonly StoredTrustedKey[];
}

/** What became of the keys of archives that were completed within a day. */
export interface RecentKeys extends OutcomeSums {
  readonly keyCount: number;
  readonly refusedCount: number;
}

export interface LastCompleted extends CompletedArchive {
  /** Where its name says that its window ends; null where it says nothing of the kind. */
  readonly windowEnd: UnixSeconds | null;
}

const NO_ARCHIVES: SourceOverview["archives"] = {
  open: 0,
  leased: 0,
  retry: 0,
  complete: 0,
  quarantined: 0,
  skipped: 0,
};

/** All sources or the chosen one, by name, with seven queries however many there are. */
export async function readSourceOverviews(db: Db, choice: SourceChoice, now: UnixSeconds): Promise<SourceOverview[]> {
  const checked = await readCheckedSources(db, choice);
  const counted = Map.groupBy(await countStates(db, choice), ({ sourceId }) => sourceId);
  const sums = Map.groupBy(await sumKeys(db, choice), ({ sourceId }) => sourceId);
  const recent = Map.groupBy(await sumKeys(db, choice, now - DAY), ({ sourceId }) => sourceId);
  const waiting = await readOldestWaiting(db, choice);
  const completed = await readLastCompleted(db, choice);
  const trusted = await readTrusted(
    db,
    checked.map(({ source }) => source.upstreamId),
  );
  return checked.map(({ source, check }) => ({
    source,
    check,
    ...addUp(counted.get(source.id) ?? []),
    ...sumOutcomes(numbersOf(sums.get(source.id) ?? [], "outcomes")),
    lastDay: recentOf(recent.get(source.id) ?? []),
    oldestWaiting: waiting.get(source.id) ?? null,
    lastCompleted: withWindow(completed.get(source.id), now),
    trustedKeys: trusted.get(source.upstreamId) ?? [],
  }));
}

function addUp(counts: readonly StateCount[]) {
  const sum = (of: (count: StateCount) => number) => counts.reduce((total, count) => total + of(count), 0);
  return {
    archives: { ...NO_ARCHIVES, ...Object.fromEntries(counts.map(({ state, archives }) => [state, archives])) },
    keyCount: sum(({ keyCount }) => keyCount),
    refusedCount: sum(({ refusedCount }) => refusedCount),
  };
}

function recentOf(sums: readonly KeySum[]): RecentKeys {
  const outcomes = numbersOf(sums, "outcomes");
  const refusedCount = sumOf(numbersOf(sums, "refusals"));
  return { keyCount: sumOf(outcomes) + refusedCount, refusedCount, ...sumOutcomes(outcomes) };
}

function numbersOf(sums: readonly KeySum[], kind: KeySum["kind"]): Record<string, number> {
  return Object.fromEntries(sums.filter((sum) => sum.kind === kind).map(({ name, total }) => [name, total]));
}

/** No window that is over ends in the future, whatever a name says. */
function withWindow(archive: CompletedArchive | undefined, now: UnixSeconds): LastCompleted | null {
  if (archive === undefined) return null;
  const { end = null } = parseArchiveName(archive.line) ?? {};
  return { ...archive, windowEnd: end !== null && end <= now ? end : null };
}
