// All SQL on import_source and import_trusted_key.

import { type Generated, type Selectable, sql } from "kysely";
import type { ListingFormat } from "../../../archive/listing/listing-types.ts";
import type { UnixSeconds } from "../../../core/clock.ts";
import type { Db } from "../../../platform/database/database.ts";
import type { ImportSource } from "../import-types.ts";
import type { CheckOutcome, IndexCheck, RefusedLine, StoredTrustedKey } from "./source-types.ts";

interface SourceRow {
  id: Generated<number>;
  name: string;
  listing_format: ListingFormat;
  index_url: string;
  base_url: string;
  region: string;
  traveler: boolean;
  header_regions: string[];
  other_entries: string[];
  allow_private_addresses: boolean;
  from_at: number;
  until_at: number | null;
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

interface TrustedKeyRow {
  id: Generated<number>;
  source_id: number;
  key_id: string;
  key_version: string;
  public_key_pem: string;
  from_at: number;
  until_at: number | null;
  added_at: number;
}

const sources = (db: Db) => db.withTables<{ import_source: SourceRow; import_trusted_key: TrustedKeyRow }>();

/** Answers the new id, or null when the name is taken. */
export async function insertSource(db: Db, source: Omit<ImportSource, "id">): Promise<number | null> {
  const { rows } = await sql<{ id: number }>`
    insert into import_source (name, listing_format, index_url, base_url, region, traveler, header_regions,
      other_entries, allow_private_addresses, from_at, until_at)
    values (${source.name}, ${source.listingFormat}, ${source.indexUrl}, ${source.baseUrl}, ${source.region},
      ${source.traveler}, ${source.headerRegions}, ${source.otherEntries}, ${source.allowPrivateAddresses},
      ${source.from}, ${source.until})
    on conflict (name) do nothing returning id`.execute(db);
  return rows[0]?.id ?? null;
}

export async function readSources(db: Db): Promise<ImportSource[]> {
  const rows = await sources(db).selectFrom("import_source").selectAll().orderBy("id").execute();
  return rows.map(sourceOf);
}

export async function readSource(db: Db, name: string): Promise<ImportSource | null> {
  const query = sources(db).selectFrom("import_source").selectAll().where("name", "=", name);
  const row = await query.executeTakeFirst();
  return row ? sourceOf(row) : null;
}

/**
 * Makes everything that changes archives of one source happen one after the other, until the transaction ends. Answers
 * the source as it is and stays until then.
 */
export async function lockSource(tx: Db, sourceId: number): Promise<ImportSource> {
  const query = sources(tx).selectFrom("import_source").selectAll().where("id", "=", sourceId).forUpdate();
  return sourceOf(await query.executeTakeFirstOrThrow());
}

export async function readIndexCheck(db: Db, sourceId: number): Promise<IndexCheck> {
  const query = sources(db).selectFrom("import_source").selectAll().where("id", "=", sourceId);
  return indexCheckOf(await query.executeTakeFirstOrThrow());
}

/** All sources or the one of this id, by name, each with its last check. */
export async function readCheckedSources(
  db: Db,
  sourceId: number | null,
): Promise<{ source: ImportSource; check: IndexCheck }[]> {
  let query = sources(db).selectFrom("import_source").selectAll().orderBy(sql`name collate "C"`);
  if (sourceId !== null) query = query.where("id", "=", sourceId);
  return (await query.execute()).map((row) => ({ source: sourceOf(row), check: indexCheckOf(row) }));
}

/**
 * Writes what a check found and locks the source's row; false when another check has ended since `checkCount` was read,
 * and when the index that was checked is no longer the source's.
 */
export async function writeIndexCheck(
  tx: Db,
  { id, indexUrl }: ImportSource,
  checkCount: number,
  check: { outcome: CheckOutcome; code: string | null; now: UnixSeconds },
): Promise<boolean> {
  const { outcome, code, now } = check;
  const written = await sql`
    update import_source set check_count = check_count + 1, checked_at = ${now}, check_outcome = ${outcome},
      check_code = ${code},
      reached_at = case when ${outcome} = 'failed' then reached_at else ${now} end,
      suspicious_count = suspicious_count + case when ${outcome} = 'suspicious' then 1 else 0 end,
      suspicious_at = case when ${outcome} = 'suspicious' then ${now} else suspicious_at end
    where id = ${id} and check_count = ${checkCount} and index_url = ${indexUrl}`.execute(tx);
  return Number(written.numAffectedRows ?? 0) === 1;
}

/** What the last listing that could be read brought; without validators the next check reads it in whole again. */
export async function writeListing(
  tx: Db,
  sourceId: number,
  listing: {
    etag: string | null;
    lastModified: string | null;
    refusedLines: readonly RefusedLine[];
    refusedLineCount: number;
  },
): Promise<void> {
  await sql`
    update import_source set etag = ${listing.etag}, last_modified = ${listing.lastModified},
      refused_lines = ${JSON.stringify(listing.refusedLines)}::jsonb, refused_line_count = ${listing.refusedLineCount}
    where id = ${sourceId}`.execute(tx);
}

export async function insertTrustedKey(db: Db, sourceId: number, key: Omit<StoredTrustedKey, "id">): Promise<number> {
  const { id } = await sources(db)
    .insertInto("import_trusted_key")
    .values({
      source_id: sourceId,
      key_id: key.keyId,
      key_version: key.keyVersion,
      public_key_pem: key.publicKeyPem,
      from_at: key.from,
      until_at: key.until,
      added_at: key.addedAt,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function readStoredTrustedKeys(db: Db, sourceId: number): Promise<StoredTrustedKey[]> {
  const query = sources(db).selectFrom("import_trusted_key").selectAll().where("source_id", "=", sourceId);
  return (await query.orderBy("id").execute()).map((row) => ({
    id: row.id,
    keyId: row.key_id,
    keyVersion: row.key_version,
    publicKeyPem: row.public_key_pem,
    from: row.from_at,
    until: row.until_at,
    addedAt: row.added_at,
  }));
}

function indexCheckOf(row: Selectable<SourceRow>): IndexCheck {
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

function sourceOf(row: Selectable<SourceRow>): ImportSource {
  return {
    id: row.id,
    name: row.name,
    listingFormat: row.listing_format,
    indexUrl: row.index_url,
    baseUrl: row.base_url,
    region: row.region,
    traveler: row.traveler,
    headerRegions: row.header_regions,
    otherEntries: row.other_entries,
    allowPrivateAddresses: row.allow_private_addresses,
    from: row.from_at,
    until: row.until_at,
  };
}
