// The SQL that reads exposure keys for exports: one window, filtered, a page at a time, values in force.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import type { Db } from "../../platform/database/database.ts";
import { packRecord } from "../../platform/database/packed.ts";
import type { KeyFilter, KeyOrigin, KeyPage, PageCursor } from "./exposure-types.ts";

export interface PageRequest {
  /** Included. */
  readonly start: UnixSeconds;
  /** Excluded. */
  readonly end: UnixSeconds;
  readonly filter: KeyFilter;
  readonly after: PageCursor | null;
  readonly limit: number;
}

/** Keys released in the window. */
export function readReleasedPage(db: Db, request: PageRequest): Promise<KeyPage> {
  return readPage(db, request, sql.ref("released_at"), sql`true`);
}

/** Keys revised in the window that were released before it: their original is in an earlier archive. */
export function readRevisedPage(db: Db, request: PageRequest): Promise<KeyPage> {
  return readPage(db, request, sql.ref("revised_at"), sql`released_at < ${request.start}::bigint`);
}

interface PageRow {
  readonly count: number;
  readonly valid: Uint8Array | null;
  readonly revoked: Uint8Array | null;
  readonly last_at: number | null;
  readonly last_key: Uint8Array | null;
}

async function readPage(
  db: Db,
  { start, end, filter, after, limit }: PageRequest,
  instant: RawBuilder<unknown>,
  further: RawBuilder<unknown>,
): Promise<KeyPage> {
  const from = after
    ? sql`(${instant}, key_data) > (${after.at}::bigint, ${Uint8Array.fromHex(after.keyHex)}::bytea)`
    : sql`${instant} >= ${start}::bigint`;
  const { rows } = await sql<PageRow>`
    with page as (
      select ${instant} as at, key_data, rolling_start, rolling_period,
        case when revised_at is null then transmission_risk else revised_transmission_risk end as transmission_risk,
        case when revised_at is null then report_type else revised_report_type end as report_type,
        case when revised_at is null then days_since_onset else revised_days_since_onset end as days_since_onset
      from exposure
      where ${from} and ${instant} < ${end}::bigint and ${further} and ${matches(filter)}
      order by ${instant}, key_data
      limit ${limit}::bigint
    ), last as (
      select at, key_data from page order by at desc, key_data desc limit 1
    )
    select count(*) as count,
      string_agg(${packRecord()}, ''::bytea) filter (where report_type is distinct from 5) as valid,
      string_agg(${packRecord()}, ''::bytea) filter (where report_type = 5) as revoked,
      (select at from last) as last_at,
      (select key_data from last) as last_key
    from page`.execute(db);
  const row = rows[0];
  const full = row !== undefined && row.count === limit && row.last_at !== null && row.last_key !== null;
  return {
    valid: new KeyBatch(row?.valid ?? new Uint8Array(0)),
    revoked: new KeyBatch(row?.revoked ?? new Uint8Array(0)),
    next: full ? { at: row.last_at ?? 0, keyHex: Uint8Array.from(row.last_key ?? []).toHex() } : null,
  };
}

/** KS 2.7 for any number of regions; exclusion is stronger than everything else. */
function matches({ includeRegions, excludeRegions, travelers }: KeyFilter): RawBuilder<unknown> {
  const region = sql`regions && ${includeRegions}::text[]`;
  const included = { region, also: sql`(${region} or traveler)`, never: sql`(${region} and not traveler)` }[travelers];
  return sql`${included} and not regions && ${excludeRegions}::text[]`;
}

/** All keys of some origins with their values in force, ordered by key data; for audits and reports. */
export async function readKeysOfOrigin(
  db: Db,
  kinds: readonly (KeyOrigin["kind"] | "generated")[],
  afterHex: string | null,
  limit: number,
): Promise<KeyBatch> {
  const { rows } = await sql<{ records: Uint8Array | null }>`
    select string_agg(${packRecord()}, ''::bytea order by key_data) as records from (
      select key_data, rolling_start, rolling_period,
        case when revised_at is null then transmission_risk else revised_transmission_risk end as transmission_risk,
        case when revised_at is null then report_type else revised_report_type end as report_type,
        case when revised_at is null then days_since_onset else revised_days_since_onset end as days_since_onset
      from exposure
      where origin = any(${kinds}::text[]) and key_data > ${Uint8Array.fromHex(afterHex ?? "")}::bytea
      order by key_data
      limit ${limit}::bigint
    ) page`.execute(db);
  return new KeyBatch(rows[0]?.records ?? new Uint8Array(0));
}
