// The SQL that reads exposure keys for exports: one window, filtered, a page at a time, values in force.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import { INTERVAL } from "../../core/intervals.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import { isRevoked } from "../../core/report-type.ts";
import { pick } from "../../core/sort-keys.ts";
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

/** When, from `start` on, the first key was released or revised; null: none was. */
export async function readFirstInstant(db: Db, start: UnixSeconds): Promise<UnixSeconds | null> {
  const { rows } = await sql<{ at: number | null }>`
    select least(
      (select min(released_at) from exposure where released_at >= ${start}::bigint),
      (select min(revised_at) from exposure where revised_at >= ${start}::bigint)
    ) as at`.execute(db);
  return rows[0]?.at ?? null;
}

/** When the last of these keys is released that run at `at`; null: none of them is released later. */
export async function readLastRelease(db: Db, filter: KeyFilter, at: UnixSeconds): Promise<UnixSeconds | null> {
  const { rows } = await sql<{ at: number | null }>`
    select max(released_at) as at from exposure
    where released_at >= ${at}::bigint and rolling_start::bigint * ${INTERVAL}::bigint <= ${at}::bigint
      and (rolling_start::bigint + rolling_period) * ${INTERVAL}::bigint > ${at}::bigint
      and ${matches(filter)}`.execute(db);
  return rows[0]?.at ?? null;
}

/**
 * From here to its end the transaction reads pages by their index: in a table that was never analyzed PostgreSQL
 * might sort all the rest of the window for each of them. Outside a transaction this does nothing.
 */
export async function readPagesByIndex(tx: Db): Promise<void> {
  await sql`set local enable_sort = off`.execute(tx);
  await sql`set local enable_seqscan = off`.execute(tx);
  await sql`set local enable_bitmapscan = off`.execute(tx);
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
  const { rows } = await sql<{ records: Uint8Array | null; last_at: number | null }>`
    select string_agg(${packRecord()}, ''::bytea) as records, max(at) as last_at from (
      select ${instant} as at, key_data, rolling_start, rolling_period,
        case when revised_at is null then transmission_risk else revised_transmission_risk end as transmission_risk,
        case when revised_at is null then report_type else revised_report_type end as report_type,
        case when revised_at is null then days_since_onset else revised_days_since_onset end as days_since_onset
      from exposure
      where ${from} and ${instant} < ${end}::bigint and ${further} and ${matches(filter)}
      order by ${instant}, key_data
      limit ${limit}::bigint
    ) page`.execute(db);
  const page = new KeyBatch(rows[0]?.records ?? new Uint8Array(0));
  const lastAt = rows[0]?.last_at ?? null;
  // The rows come in order of the instant, so the last of them has the latest.
  const next = page.length === limit && lastAt !== null ? { at: lastAt, keyHex: page.keyHex(limit - 1) } : null;
  return { ...divideByRevocation(page), next };
}

function divideByRevocation(page: KeyBatch): Pick<KeyPage, "valid" | "revoked"> {
  const positions: { valid: number[]; revoked: number[] } = { valid: [], revoked: [] };
  for (let index = 0; index < page.length; index++) {
    positions[isRevoked(page.reportType(index)) ? "revoked" : "valid"].push(index);
  }
  if (positions.revoked.length === 0) return { valid: page, revoked: KeyBatch.empty };
  return { valid: pick(page, positions.valid), revoked: pick(page, positions.revoked) };
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
