// The SQL that shows sources and their archives to people: each question once for all sources, or for one.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { UnfinishedArchive } from "./import-types.ts";
import type { ArchiveState } from "./state-machine.ts";

/** One source by its id, or all. */
export type SourceChoice = number | null;

export interface StateCount {
  readonly sourceId: number;
  readonly state: ArchiveState;
  readonly archives: number;
  readonly keyCount: number;
  readonly refusedCount: number;
}

/** Archives by state, and the keys of those that were completed once. */
export async function countStates(db: Db, choice: SourceChoice): Promise<StateCount[]> {
  const { rows } = await sql<StateCount>`
    select source_id as "sourceId", state, count(*) as "archives", coalesce(sum(key_count), 0)::bigint as "keyCount",
      coalesce(sum(refused_count), 0)::bigint as "refusedCount"
    from import_archive where ${isChosen(choice)}
    group by source_id, state`.execute(db);
  return rows;
}

export interface KeySum {
  readonly sourceId: number;
  readonly kind: "outcomes" | "refusals";
  readonly name: string;
  readonly total: number;
}

/** Where the keys of all archives went that were completed after `since`. */
export async function sumKeys(db: Db, choice: SourceChoice, since: UnixSeconds = 0): Promise<KeySum[]> {
  const { rows } = await sql<KeySum>`
    select source_id as "sourceId", kind, name, sum(number::bigint)::bigint as total
    from import_archive
      cross join lateral (
        select 'outcomes' as kind, entry.* from jsonb_each_text(outcomes) as entry (name, number)
        union all select 'refusals', entry.* from jsonb_each_text(refusals) as entry (name, number)
      ) as counted
    where ${isChosen(choice)} and completed_at > ${since}::bigint
    group by source_id, kind, name order by source_id, kind, name`.execute(db);
  return rows;
}

/** Of each source the archive that has been waiting longest, if one waits. */
export async function readOldestWaiting(db: Db, choice: SourceChoice): Promise<Map<number, UnfinishedArchive>> {
  const { rows } = await sql<UnfinishedArchive & { sourceId: number }>`
    select distinct on (source_id) source_id as "sourceId", line, state, reason, attempts,
      discovered_at as "discoveredAt", next_attempt_at as "nextAttemptAt", quarantined_at as "quarantinedAt"
    from import_archive where ${isChosen(choice)} and state in ('open', 'leased', 'retry')
    order by source_id, discovered_at, position`.execute(db);
  return new Map(rows.map(({ sourceId, ...archive }) => [sourceId, archive]));
}

export interface CompletedArchive {
  readonly line: string;
  readonly completedAt: UnixSeconds;
}

/** Of each source the archive that was completed last; of several at once the last one listed. */
export async function readLastCompleted(db: Db, choice: SourceChoice): Promise<Map<number, CompletedArchive>> {
  const { rows } = await sql<CompletedArchive & { sourceId: number }>`
    select distinct on (source_id) source_id as "sourceId", line, completed_at as "completedAt"
    from import_archive where ${isChosen(choice)} and completed_at is not null
    order by source_id, completed_at desc, position desc, id desc`.execute(db);
  return new Map(rows.map(({ sourceId, ...archive }) => [sourceId, archive]));
}

export interface ListedFile extends UnfinishedArchive {
  readonly id: number;
  readonly isListed: boolean;
  readonly digest: string | null;
  readonly byteCount: number | null;
  readonly lastCheckedAt: UnixSeconds | null;
  readonly completedAt: UnixSeconds | null;
  readonly keyCount: number | null;
  readonly savedCount: number | null;
  readonly refusedCount: number | null;
  readonly outcomes: Readonly<Record<string, number>> | null;
  readonly refusals: Readonly<Record<string, number>> | null;
}

/** A page of a source's archives in these states, the last discovered first, from below `beforeId` (null: from the last). */
export async function readFilePage(
  db: Db,
  sourceId: number,
  states: readonly ArchiveState[],
  beforeId: number | null,
  limit: number,
): Promise<ListedFile[]> {
  const { rows } = await sql<ListedFile>`
    select id, line, state, reason, attempts, still_listed as "isListed", discovered_at as "discoveredAt",
      next_attempt_at as "nextAttemptAt", quarantined_at as "quarantinedAt", digest, byte_count as "byteCount",
      last_checked_at as "lastCheckedAt", completed_at as "completedAt", key_count as "keyCount",
      saved_count as "savedCount", refused_count as "refusedCount", outcomes, refusals
    from import_archive
    where source_id = ${sourceId}::bigint and state = any(${states}::text[])
      and (${beforeId}::bigint is null or id < ${beforeId}::bigint)
    order by id desc
    limit ${limit}::bigint`.execute(db);
  return rows;
}

function isChosen(choice: SourceChoice): RawBuilder<unknown> {
  return sql`(${choice}::bigint is null or source_id = ${choice}::bigint)`;
}
