// The SQL on servers that are followed: their settings and how the last check of their listing went.

import { type Generated, type Selectable, sql } from "kysely";
import type { ListingFormat } from "../../archive/listing/listing-reader.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type {
  CheckOutcome,
  ListingCheck,
  RefusedLine,
  Supplier,
  Upstream,
  UpstreamSettings,
} from "./upstream-types.ts";

interface UpstreamRow {
  id: Generated<number>;
  supplier_id: number | null;
  listing_format: ListingFormat;
  index_url: string;
  base_url: string;
  other_entries: string[];
  batch_parts: boolean;
  onset_codes: boolean;
  allow_private_addresses: boolean;
  from_at: number;
  until_at: number | null;
  final_look_at: number | null;
  ended_at: number | null;
  given_up: string | null;
  etag: string | null;
  last_modified: string | null;
  check_count: number;
  checked_at: number | null;
  check_outcome: CheckOutcome | null;
  check_code: string | null;
  reached_at: number | null;
  suspicious_count: number;
  suspicious_at: number | null;
  refused_lines: RefusedLine[];
  refused_line_count: number;
}

const upstreams = (db: Db) => db.withTables<{ upstream: UpstreamRow; supplier: { id: number; name: string } }>();

/** Answers its id; `supplierId` null: it shares no trust with others. */
export async function insertUpstream(
  tx: Db,
  upstream: UpstreamSettings,
  supplierId: number | null = null,
): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    insert into upstream (
      listing_format, index_url, base_url, other_entries, batch_parts, onset_codes, allow_private_addresses,
      from_at, until_at, supplier_id
    )
    values (${upstream.listingFormat}, ${upstream.indexUrl}, ${upstream.baseUrl}, ${upstream.otherEntries},
      ${upstream.batchParts}, ${upstream.onsetCodes}, ${upstream.allowPrivateAddresses}, ${upstream.from},
      ${upstream.until}, ${supplierId}::bigint)
    returning id`.execute(tx);
  const [row] = rows;
  if (row === undefined) throw new Error("an insert answers its row");
  return row.id;
}

/** Writes what of it may change. With another end it is followed on, or ends anew. */
export async function updateUpstream(tx: Db, upstream: Upstream): Promise<void> {
  await sql`
    update upstream set index_url = ${upstream.indexUrl}, base_url = ${upstream.baseUrl},
      other_entries = ${upstream.otherEntries}, batch_parts = ${upstream.batchParts},
      onset_codes = ${upstream.onsetCodes}, allow_private_addresses = ${upstream.allowPrivateAddresses},
      final_look_at = case when until_at is not distinct from ${upstream.until}::bigint then final_look_at end,
      ended_at = case when until_at is not distinct from ${upstream.until}::bigint then ended_at end,
      given_up = case when until_at is not distinct from ${upstream.until}::bigint then given_up end,
      from_at = ${upstream.from}, until_at = ${upstream.until}
    where id = ${upstream.upstreamId}`.execute(tx);
}

export interface CheckedUpstream {
  readonly upstream: Upstream;
  readonly check: ListingCheck;
}

/** Those of these ids, each with its last check, by id. */
export async function readUpstreams(db: Db, ids: readonly number[]): Promise<Map<number, CheckedUpstream>> {
  if (ids.length === 0) return new Map();
  const rows = await withSuppliers(db).where("upstream.id", "in", ids).execute();
  return new Map(rows.map((row) => [row.id, { upstream: upstreamOf(row), check: checkOf(row) }]));
}

/** Where the servers list their archives that are followed at `now`. */
export async function readFollowed(
  db: Db,
  now: UnixSeconds,
): Promise<Pick<Upstream, "indexUrl" | "allowPrivateAddresses">[]> {
  return upstreams(db)
    .selectFrom("upstream")
    .select(["index_url as indexUrl", "allow_private_addresses as allowPrivateAddresses"])
    .where((row) => row.or([row("until_at", "is", null), row("until_at", ">", now)]))
    .orderBy("id")
    .execute();
}

export async function readUpstream(db: Db, id: number): Promise<CheckedUpstream> {
  const row = await withSuppliers(db).where("upstream.id", "=", id).executeTakeFirstOrThrow();
  return { upstream: upstreamOf(row), check: checkOf(row) };
}

/**
 * Writes what a check found and locks the row; false when another check has ended since `checkCount` was read, and when
 * the index that was checked is no longer the one to follow.
 */
export async function writeCheck(
  tx: Db,
  { upstreamId, indexUrl }: Upstream,
  checkCount: number,
  check: { outcome: CheckOutcome; code: string | null; now: UnixSeconds },
): Promise<boolean> {
  const { outcome, code, now } = check;
  const written = await sql`
    update upstream set check_count = check_count + 1, checked_at = ${now}, check_outcome = ${outcome},
      check_code = ${code},
      reached_at = case when ${outcome} = 'failed' then reached_at else ${now} end,
      suspicious_count = suspicious_count + case when ${outcome} = 'suspicious' then 1 else 0 end,
      suspicious_at = case when ${outcome} = 'suspicious' then ${now} else suspicious_at end
    where id = ${upstreamId} and check_count = ${checkCount} and index_url = ${indexUrl}`.execute(tx);
  return Number(written.numAffectedRows ?? 0) === 1;
}

/** Notes a good look at or after the end: what is listed later is not followed. */
export async function noteFinalLook(tx: Db, upstreamId: number, now: UnixSeconds): Promise<void> {
  await sql`
    update upstream set final_look_at = coalesce(final_look_at, ${now}::bigint)
    where id = ${upstreamId} and ended_at is null and until_at <= ${now}::bigint`.execute(tx);
}

/** Ends it, unless it has ended or was given another end meanwhile; answers whether it has ended by this. */
export async function endUpstream(
  tx: Db,
  { upstreamId, until }: Pick<Upstream, "upstreamId" | "until">,
  now: UnixSeconds,
  givenUp: string | null,
): Promise<boolean> {
  const ended = await sql`
    update upstream set ended_at = ${now}::bigint, given_up = ${givenUp}
    where id = ${upstreamId} and ended_at is null and until_at = ${until}::bigint`.execute(tx);
  return Number(ended.numAffectedRows ?? 0) === 1;
}

const MAX_RECORDED_REFUSALS = 100;

/**
 * With whom it trusted and what it was told to skip. What follows it is deleted before. Trust belongs to the supplier, so
 * that another listing of the same one keeps it.
 */
export async function deleteUpstream(tx: Db, upstreamId: number): Promise<void> {
  await sql`
    update upstream_trusted_key trusted set upstream_id = sibling.id
    from (
      select min(other.id) as id from upstream removed join upstream other using (supplier_id)
      where removed.id = ${upstreamId}::bigint and other.id <> removed.id
    ) sibling
    where trusted.upstream_id = ${upstreamId}::bigint and sibling.id is not null`.execute(tx);
  await sql`delete from upstream_trusted_key where upstream_id = ${upstreamId}::bigint`.execute(tx);
  await sql`delete from upstream_skip where upstream_id = ${upstreamId}::bigint`.execute(tx);
  await sql`delete from upstream where id = ${upstreamId}::bigint`.execute(tx);
}

/** What the last listing that could be read brought; without validators the next check reads it in whole again. */
export async function writeListing(
  tx: Db,
  upstreamId: number,
  listing: { etag: string | null; lastModified: string | null; refusedLines: readonly RefusedLine[] },
): Promise<void> {
  const { etag, lastModified, refusedLines } = listing;
  await sql`
    update upstream set etag = ${etag}, last_modified = ${lastModified},
      refused_lines = ${JSON.stringify(refusedLines.slice(0, MAX_RECORDED_REFUSALS))}::jsonb,
      refused_line_count = ${refusedLines.length}
    where id = ${upstreamId}`.execute(tx);
}

/** The next check reads the index in whole; one that is under way is dropped. */
export async function forgetValidators(tx: Db, upstreamId: number): Promise<void> {
  await sql`
    update upstream set etag = null, last_modified = null, check_count = check_count + 1
    where id = ${upstreamId}`.execute(tx);
}

function withSuppliers(db: Db) {
  return upstreams(db)
    .selectFrom("upstream")
    .leftJoin("supplier", "supplier.id", "upstream.supplier_id")
    .selectAll("upstream")
    .select(["supplier.name as supplier_name", FORMER_IDS.as("former_ids")]);
}

const FORMER_IDS = sql<number[]>`
  array(select former.id from supplier former where former.merged_into = upstream.supplier_id order by former.id)`;

type RowWithSupplier = Selectable<UpstreamRow> & {
  readonly supplier_name: string | null;
  readonly former_ids: number[];
};

function supplierOf({ supplier_id: id, supplier_name: name, former_ids: formerIds }: RowWithSupplier): Supplier | null {
  return id === null || name === null ? null : { id, name, formerIds };
}

function checkOf(row: Selectable<UpstreamRow>): ListingCheck {
  return {
    checkCount: row.check_count,
    etag: row.etag,
    lastModified: row.last_modified,
    checkedAt: row.checked_at,
    outcome: row.check_outcome,
    code: row.check_code,
    reachedAt: row.reached_at,
    suspiciousCount: row.suspicious_count,
    suspiciousAt: row.suspicious_at,
    refusedLines: row.refused_lines,
    refusedLineCount: row.refused_line_count,
  };
}

function upstreamOf(row: RowWithSupplier): Upstream {
  return {
    upstreamId: row.id,
    supplier: supplierOf(row),
    listingFormat: row.listing_format,
    indexUrl: row.index_url,
    baseUrl: row.base_url,
    otherEntries: row.other_entries,
    batchParts: row.batch_parts,
    onsetCodes: row.onset_codes,
    allowPrivateAddresses: row.allow_private_addresses,
    from: row.from_at,
    until: row.until_at,
    finalLookAt: row.final_look_at,
    endedAt: row.ended_at,
    givenUp: row.given_up,
  };
}
