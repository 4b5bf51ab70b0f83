// The SQL on archives that a mirror's source withdrew, and on who accepted that.

import { sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Asked } from "../upstreams/skip-queries.ts";

/** What a look has missed. */
export interface MissedLines {
  /** Taken, and listed no more although they cannot have expired. */
  readonly taken: readonly string[];
  /** Waited, and were never had. */
  readonly untaken: readonly string[];
}

/** What was missed and is listed again is no loss; what was accepted stays so. */
export async function noteLosses(
  tx: Db,
  mirrorId: number,
  { taken, untaken }: MissedLines,
  listed: readonly string[],
  now: UnixSeconds,
): Promise<void> {
  await sql`
    delete from mirror_loss
    where mirror_id = ${mirrorId}::bigint and accepted_at is null
      and (line = any(${listed}::text[]) or (was_taken and line <> all(${taken}::text[])))`.execute(tx);
  await sql`
    insert into mirror_loss (mirror_id, line, was_taken, noticed_at)
    select ${mirrorId}::bigint, line, was_taken, ${now}::bigint
    from (
      select unnest(${taken}::text[]) as line, true as was_taken
      union all select unnest(${untaken}::text[]), false
    ) missed
    on conflict (mirror_id, line) do nothing`.execute(tx);
}

/** Lines that were taken, and that may be gone. */
export async function readAcceptedLosses(db: Db, mirrorId: number): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ line: string }>`
    select line from mirror_loss
    where mirror_id = ${mirrorId}::bigint and was_taken and accepted_at is not null`.execute(db);
  return new Set(rows.map(({ line }) => line));
}

export interface Loss {
  readonly line: string;
  readonly wasTaken: boolean;
  readonly noticedAt: UnixSeconds;
  /** The location's archive that carries it; null: none, or it was never had. */
  readonly locationLine: string | null;
}

export interface OpenLosses {
  readonly count: number;
  /** The first of them, by line. */
  readonly losses: readonly Loss[];
  /** Of all of them. */
  readonly fingerprint: string;
}

/** The losses that are not accepted yet. */
export async function readOpenLosses(db: Db, mirrorId: number, most: number): Promise<OpenLosses> {
  const { rows } = await sql<{ count: number; fingerprint: string }>`
    select count(*) as count,
      encode(sha256(convert_to(coalesce(string_agg(line, E'\n' order by line collate "C"), ''), 'UTF8')), 'hex') as fingerprint
    from mirror_loss where mirror_id = ${mirrorId}::bigint and accepted_at is null`.execute(db);
  const { count = 0, fingerprint = "" } = rows[0] ?? {};
  const shown = await sql<Loss>`
    select loss.line, was_taken as "wasTaken", noticed_at as "noticedAt", location_line as "locationLine"
    from mirror_loss loss left join mirror_archive using (mirror_id, line)
    where mirror_id = ${mirrorId}::bigint and accepted_at is null
    order by loss.line collate "C"
    limit ${most}::bigint`.execute(db);
  return { count, fingerprint, losses: shown.rows };
}

/** Of each of these mirrors, how many losses are not accepted yet. */
export async function countOpenLosses(db: Db): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql<{ mirrorId: number; losses: number }>`
    select mirror_id as "mirrorId", count(*) as losses from mirror_loss where accepted_at is null
    group by mirror_id`.execute(db);
  return new Map(rows.map(({ mirrorId, losses }) => [mirrorId, losses]));
}

export async function writeAcceptance(tx: Db, mirrorId: number, reason: string, { by, now }: Asked): Promise<void> {
  await sql`
    update mirror_loss set accepted_at = ${now}::bigint, accepted_by = ${by}, reason = ${reason}
    where mirror_id = ${mirrorId}::bigint and accepted_at is null`.execute(tx);
}
