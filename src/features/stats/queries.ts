// All SQL on upload_statistics.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { HourCounts } from "./stats-types.ts";

interface HourRow {
  authority_id: number;
  hour_at: number;
  unknown_count: number;
  android_count: number;
  ios_count: number;
  key_count: number;
  revision_count: number;
  missing_onset_count: number;
  key_age_counts: number[];
  onset_counts: number[];
}

/** So many transactions count at the same time in rows of their own; of more, some wait for one another. */
const SLOTS = 64;
/** The first that no other transaction counts in, and this one does from here to its end: so none waits for another's. */
const SLOT = sql`coalesce(
  (select slot from generate_series(0, ${SLOTS}::integer - 1) as slot
    where pg_try_advisory_xact_lock(hashtext('upload_statistics ' || current_schema()), slot) limit 1),
  (pg_current_xact_id()::text::bigint % ${SLOTS}::bigint)::integer)`;

/**
 * Adds to what is there, in one statement: no update is lost, whoever writes at the same time (KS P5). A row stays
 * locked until the commit, or for as long as a frozen transaction lasts.
 */
export function addToHour(hour: HourCounts): RawBuilder<unknown> {
  const { byPlatform } = hour;
  return sql`
    insert into upload_statistics as old (authority_id, hour_at, slot, unknown_count, android_count, ios_count,
      key_count, revision_count, missing_onset_count, key_age_counts, onset_counts)
    values (${hour.authorityId}, ${hour.hourAt}, ${SLOT}, ${byPlatform.unknown}, ${byPlatform.android},
      ${byPlatform.ios}, ${hour.keys}, ${hour.revisions}, ${hour.missingOnset}, ${hour.keyAges}, ${hour.onsets})
    on conflict (authority_id, hour_at, slot) do update set
      unknown_count = old.unknown_count + excluded.unknown_count,
      android_count = old.android_count + excluded.android_count,
      ios_count = old.ios_count + excluded.ios_count,
      key_count = old.key_count + excluded.key_count,
      revision_count = old.revision_count + excluded.revision_count,
      missing_onset_count = old.missing_onset_count + excluded.missing_onset_count,
      key_age_counts = array(
        select a + b from unnest(old.key_age_counts, excluded.key_age_counts) with ordinality t(a, b, i) order by i),
      onset_counts = array(
        select a + b from unnest(old.onset_counts, excluded.onset_counts) with ordinality t(a, b, i) order by i)`;
}

/** The hours of an authority from `from` on, each in several parts. */
export async function readHours(db: Db, authorityId: number, from: UnixSeconds): Promise<HourCounts[]> {
  const { rows } = await sql<HourRow>`
    select * from upload_statistics where authority_id = ${authorityId} and hour_at >= ${from} order by hour_at
  `.execute(db);
  return rows.map((row) => ({
    authorityId: row.authority_id,
    hourAt: row.hour_at,
    byPlatform: { unknown: row.unknown_count, android: row.android_count, ios: row.ios_count },
    keys: row.key_count,
    revisions: row.revision_count,
    missingOnset: row.missing_onset_count,
    keyAges: row.key_age_counts,
    onsets: row.onset_counts,
  }));
}

/** Answers how many. */
export async function deleteHoursBefore(db: Db, before: UnixSeconds): Promise<number> {
  const { numAffectedRows } = await sql`delete from upload_statistics where hour_at < ${before}`.execute(db);
  return Number(numAffectedRows ?? 0);
}
