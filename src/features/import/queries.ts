// All SQL on import_archive: what sources listed and what became of it.

import { type Generated, type RawBuilder, type Selectable, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { SeenContent } from "../upstreams/upstream-types.ts";
import type { ImportCounts, ListedArchive, UnfinishedArchive } from "./import-types.ts";
import type { ArchiveProgress, ArchiveState } from "./state-machine.ts";

interface ArchiveRow {
  id: Generated<number>;
  source_id: number;
  line: string;
  position: number;
  still_listed: boolean;
  discovered_at: number;
  state: ArchiveState;
  attempts: number;
  missing_count: number;
  damaged_count: number;
  next_attempt_at: number | null;
  lease_until: number | null;
  lease_token: number;
  reason: string | null;
  quarantined_at: number | null;
  etag: string | null;
  last_modified: string | null;
  digest: string | null;
  byte_count: number | null;
  last_checked_at: number | null;
  completed_at: number | null;
  key_count: number | null;
  saved_count: number | null;
  refused_count: number | null;
  outcomes: ImportCounts["outcomes"] | null;
  refusals: ImportCounts["refusals"] | null;
}

const archives = (db: Db) => db.withTables<{ import_archive: ArchiveRow }>();

/** The lines of the source's last listing, in its order. */
export async function readListedLines(db: Db, sourceId: number): Promise<string[]> {
  const rows = await archives(db)
    .selectFrom("import_archive")
    .select("line")
    .where("source_id", "=", sourceId)
    .where("still_listed", "=", true)
    .orderBy("position")
    .execute();
  return rows.map(({ line }) => line);
}

/** How many of the lines are not known yet. */
export async function countUnknownLines(db: Db, sourceId: number, lines: readonly string[]): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${listingOf(lines)} listed where ${isUnknown(sourceId)}`.execute(db);
  return rows[0]?.count ?? 0;
}

/** Gives all known lines their places in the listing and adds the first `room` of those that are new; answers how many. */
export async function recordLines(
  tx: Db,
  sourceId: number,
  lines: readonly string[],
  now: UnixSeconds,
  room: number,
): Promise<number> {
  await sql`
    update import_archive archive set position = listed.position, still_listed = true
    from ${listingOf(lines)} listed
    where archive.source_id = ${sourceId} and archive.line = listed.line
      and (archive.position <> listed.position or not archive.still_listed)`.execute(tx);
  const added = await sql`
    insert into import_archive (source_id, line, position, still_listed, discovered_at, state)
    select ${sourceId}::bigint, line, position, true, ${now}::bigint, 'open'
    from ${listingOf(lines)} listed
    where ${isUnknown(sourceId)}
    order by position
    limit ${room}::bigint
    on conflict (source_id, line) do nothing`.execute(tx);
  return Number(added.numAffectedRows ?? 0);
}

function listingOf(lines: readonly string[]): RawBuilder<unknown> {
  return sql`(
    select line, (place - 1)::integer as position
    from jsonb_array_elements_text(${JSON.stringify(lines)}::jsonb) with ordinality as listed (line, place)
  )`;
}

function isUnknown(sourceId: number): RawBuilder<unknown> {
  return sql`not exists (select from import_archive where source_id = ${sourceId} and line = listed.line)`;
}

/** How many archives of the source are neither complete nor quarantined. */
export async function countUnfinished(db: Db, sourceId: number): Promise<number> {
  const { count } = await archives(db)
    .selectFrom("import_archive")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("source_id", "=", sourceId)
    .where("state", "in", ["open", "leased", "retry"])
    .executeTakeFirstOrThrow();
  return count;
}

/** How many archives of the source are neither complete nor skipped. */
export async function countUnsettled(db: Db, sourceId: number): Promise<number> {
  const { count } = await archives(db)
    .selectFrom("import_archive")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("source_id", "=", sourceId)
    .where("state", "not in", ["complete", "skipped"])
    .executeTakeFirstOrThrow();
  return count;
}

/** Notes that the lines are no longer listed, and nothing else: what is to be imported stays so. */
export async function recordVanished(tx: Db, sourceId: number, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  await sql`
    update import_archive set still_listed = false
    where source_id = ${sourceId}
      and line in (select jsonb_array_elements_text(${JSON.stringify(lines)}::jsonb))`.execute(tx);
}

/**
 * Locks the first archives that are due at `now`, at most `limit`: those never tried come first, in order of discovery and
 * listing, then what has been due longest, so that dead lines cannot use up every run. Rows that others lock are passed
 * over.
 */
export async function lockDueArchives(
  tx: Db,
  sourceId: number,
  now: UnixSeconds,
  limit: number,
): Promise<ListedArchive[]> {
  const found = await archives(tx)
    .selectFrom("import_archive")
    .selectAll()
    .where("source_id", "=", sourceId)
    .where("state", "in", ["open", "retry", "leased"])
    .where((row) =>
      row.or([row("state", "=", "open"), row("next_attempt_at", "<=", now), row("lease_until", "<=", now)]),
    )
    .orderBy(sql`coalesce(next_attempt_at, lease_until) nulls first`)
    .orderBy("discovered_at")
    .orderBy("position")
    .orderBy("id")
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .execute();
  return found.map(archiveOf);
}

export async function lockArchive(tx: Db, id: number): Promise<ListedArchive> {
  const query = archives(tx).selectFrom("import_archive").selectAll().where("id", "=", id).forUpdate();
  return archiveOf(await query.executeTakeFirstOrThrow());
}

/** Locks the archives, and answers the progress of each by its id. */
export async function lockProgress(tx: Db, ids: readonly number[]): Promise<Map<number, ArchiveProgress>> {
  const query = archives(tx).selectFrom("import_archive").selectAll().where("id", "in", ids).orderBy("id").forUpdate();
  return new Map((await query.execute()).map((row) => [row.id, archiveOf(row).progress]));
}

export interface SettledFilter {
  readonly states: readonly ArchiveState[];
  readonly line?: string | undefined;
  readonly reasons?: readonly string[] | undefined;
  readonly quarantinedUntil?: UnixSeconds | undefined;
}

/** Locks the archives of a source that the filter names. The caller holds the source's row. */
export async function lockArchives(tx: Db, sourceId: number, filter: SettledFilter): Promise<ListedArchive[]> {
  let query = archives(tx).selectFrom("import_archive").selectAll().where("source_id", "=", sourceId);
  query = query.where("state", "in", filter.states);
  if (filter.line !== undefined) query = query.where("line", "=", filter.line);
  if (filter.reasons !== undefined) query = query.where("reason", "in", filter.reasons);
  if (filter.quarantinedUntil !== undefined) query = query.where("quarantined_at", "<=", filter.quarantinedUntil);
  return (await query.orderBy("id").forUpdate().execute()).map(archiveOf);
}

export async function writeProgress(tx: Db, id: number, progress: ArchiveProgress, now: UnixSeconds): Promise<void> {
  await writeProgresses(tx, [{ id, progress }], now);
}

/** Writes the progress of each archive. */
export async function writeProgresses(
  tx: Db,
  changes: readonly { readonly id: number; readonly progress: ArchiveProgress }[],
  now: UnixSeconds,
): Promise<void> {
  if (changes.length === 0) return;
  const rows = changes.map(({ id, progress }) => ({ id, ...progress }));
  await sql`
    update import_archive archive set ${progressOf(now)}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as changed (id bigint, ${PROGRESS_COLUMNS})
    where archive.id = changed.id`.execute(tx);
}

const PROGRESS_COLUMNS = sql`
  state text, attempts integer, "missingCount" integer, "damagedCount" integer, "nextAttemptAt" bigint,
  "leaseUntil" bigint, "leaseToken" bigint, reason text`;

function progressOf(now: UnixSeconds): RawBuilder<unknown> {
  return sql`
    state = changed.state, attempts = changed.attempts, missing_count = changed."missingCount",
    damaged_count = changed."damagedCount", next_attempt_at = changed."nextAttemptAt",
    lease_until = changed."leaseUntil", lease_token = changed."leaseToken", reason = changed.reason,
    quarantined_at = case when changed.state = 'quarantined' then ${now}::bigint end`;
}

/** What was found at the archive's URL; null: nothing, so that anything found later is a change. */
export async function writeSeenContent(tx: Db, id: number, seen: SeenContent | null, now: UnixSeconds): Promise<void> {
  await archives(tx)
    .updateTable("import_archive")
    .set({
      digest: seen?.digest ?? null,
      byte_count: seen?.byteCount ?? null,
      etag: seen?.etag ?? null,
      last_modified: seen?.lastModified ?? null,
      last_checked_at: now,
    })
    .where("id", "=", id)
    .execute();
}

export interface Completion {
  readonly id: number;
  /** `complete`. */
  readonly progress: ArchiveProgress;
  readonly seen: SeenContent;
  readonly counts: ImportCounts;
}

/** Writes what became of archives whose keys are saved in the same transaction. */
export async function writeCompletions(tx: Db, completions: readonly Completion[], now: UnixSeconds): Promise<void> {
  if (completions.length === 0) return;
  const rows = completions.map(({ id, progress, seen, counts }) => ({ id, ...progress, ...seen, ...counts }));
  await sql`
    update import_archive archive set ${progressOf(now)}, completed_at = ${now}::bigint, last_checked_at = ${now}::bigint,
      digest = changed.digest, byte_count = changed."byteCount", etag = changed.etag,
      last_modified = changed."lastModified", key_count = changed."keyCount", saved_count = changed."savedCount",
      refused_count = changed."refusedCount", outcomes = changed.outcomes, refusals = changed.refusals
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as changed (
      id bigint, ${PROGRESS_COLUMNS}, digest text, "byteCount" integer, etag text, "lastModified" text,
      "keyCount" integer, "savedCount" integer, "refusedCount" integer, outcomes jsonb, refusals jsonb
    )
    where archive.id = changed.id`.execute(tx);
}

/** Those of `digests` that are the very bytes of an archive of the source that is complete. */
export async function readCompleteDigests(
  tx: Db,
  sourceId: number,
  digests: readonly string[],
): Promise<ReadonlySet<string>> {
  const twins = await archives(tx)
    .selectFrom("import_archive")
    .select("digest")
    .where("source_id", "=", sourceId)
    .where("digest", "in", digests)
    .where("state", "=", "complete")
    .execute();
  return new Set(twins.flatMap(({ digest }) => digest ?? []));
}

/** Settled archives that are still listed and were last looked at before `checkedUntil` or then; the longest ago first. */
export async function readForRecheck(
  db: Db,
  sourceId: number,
  checkedUntil: UnixSeconds,
  limit: number,
): Promise<ListedArchive[]> {
  const rows = await archives(db)
    .selectFrom("import_archive")
    .selectAll()
    .where("source_id", "=", sourceId)
    .where("state", "in", ["complete", "quarantined"])
    .where("still_listed", "=", true)
    .where("last_checked_at", "<=", checkedUntil)
    .orderBy("last_checked_at")
    .orderBy("id")
    .limit(limit)
    .execute();
  return rows.map(archiveOf);
}

/** The archive that was completed last of those that are still listed; null when there is none. */
export async function readNewestComplete(db: Db, sourceId: number): Promise<ListedArchive | null> {
  const row = await archives(db)
    .selectFrom("import_archive")
    .selectAll()
    .where("source_id", "=", sourceId)
    .where("state", "=", "complete")
    .where("still_listed", "=", true)
    .orderBy("completed_at", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? archiveOf(row) : null;
}

export async function touchChecked(db: Db, id: number, now: UnixSeconds): Promise<void> {
  await archives(db).updateTable("import_archive").set({ last_checked_at: now }).where("id", "=", id).execute();
}

/** All archives that are neither complete nor skipped, in order of discovery and listing. */
export async function readUnfinished(db: Db, sourceId: number): Promise<UnfinishedArchive[]> {
  return archives(db)
    .selectFrom("import_archive")
    .select([
      "line",
      "state",
      "reason",
      "attempts",
      "discovered_at as discoveredAt",
      "next_attempt_at as nextAttemptAt",
      "quarantined_at as quarantinedAt",
    ])
    .where("source_id", "=", sourceId)
    .where("state", "not in", ["complete", "skipped"])
    .orderBy("discovered_at")
    .orderBy("position")
    .execute();
}

/** Forgets settled archives that left the listing and were last looked at before `cutoff`; answers how many. */
export async function deleteSettledBefore(db: Db, cutoff: UnixSeconds): Promise<number> {
  const result = await archives(db)
    .deleteFrom("import_archive")
    .where("state", "in", ["complete", "quarantined"])
    .where("still_listed", "=", false)
    .where("last_checked_at", "<", cutoff)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

export async function countArchives(
  db: Db,
  sourceId: number,
): Promise<{ state: ArchiveState; count: number; lastCompletedAt: UnixSeconds | null }[]> {
  return archives(db)
    .selectFrom("import_archive")
    .select(({ fn }) => ["state", fn.countAll<number>().as("count"), fn.max("completed_at").as("lastCompletedAt")])
    .where("source_id", "=", sourceId)
    .groupBy("state")
    .execute();
}

/** Where the keys of all archives of the source went: one row per kind ("outcomes" or "refusals") and name. */
export async function sumCounts(db: Db, sourceId: number) {
  const { rows } = await sql<{ kind: "outcomes" | "refusals"; name: string; total: number }>`
    select kind, name, sum(number::bigint)::bigint as total
    from import_archive
      cross join lateral (
        select 'outcomes' as kind, entry.* from jsonb_each_text(outcomes) as entry (name, number)
        union all select 'refusals', entry.* from jsonb_each_text(refusals) as entry (name, number)
      ) as counted
    where source_id = ${sourceId} and completed_at is not null
    group by kind, name order by kind, name`.execute(db);
  return rows;
}

function archiveOf(row: Selectable<ArchiveRow>): ListedArchive {
  return {
    id: row.id,
    sourceId: row.source_id,
    line: row.line,
    discoveredAt: row.discovered_at,
    digest: row.digest,
    etag: row.etag,
    lastModified: row.last_modified,
    progress: {
      state: row.state,
      attempts: row.attempts,
      missingCount: row.missing_count,
      damagedCount: row.damaged_count,
      nextAttemptAt: row.next_attempt_at,
      leaseUntil: row.lease_until,
      leaseToken: row.lease_token,
      reason: row.reason,
    },
  };
}
