// All SQL on locations, their seals and their archives.

import { type Generated, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Location, LocationArchive, Seal } from "./location-types.ts";

type LocationTables = {
  location: {
    id: Generated<number>;
    name: string;
    index_object: string;
    base_prefix: string;
    line_prefix: string;
    retention_seconds: number;
    grace_seconds: number;
    ours: Generated<boolean>;
    revision: Generated<number>;
    next_seq: Generated<number>;
    last_end_at: Generated<number>;
  };
  location_seal: {
    location_id: number;
    signing_key: string | null;
    key_id: string;
    key_version: string;
    public_key_pem: string;
    from_at: number;
    until_at: number | null;
  };
  location_archive: {
    location_id: number;
    seq: number;
    line: string;
    start_at: number;
    end_at: number;
    region: string;
    primary_count: number;
    revised_count: number;
    digest: string;
    byte_count: number;
    supplier: string;
    appended_at: number;
    expires_at: number;
    expired_at: number | null;
    unlisted_at: number | null;
    deleted_at: number | null;
  };
  location_archive_keys: { location_id: number; seq: number; records: Uint8Array };
};

/** An archive row as it is first written. */
export interface NewArchive {
  readonly seq: number;
  readonly line: string;
  readonly start: UnixSeconds;
  readonly end: UnixSeconds;
  readonly region: string;
  readonly primaryCount: number;
  readonly revisedCount: number;
  readonly digest: string;
  readonly byteCount: number;
  readonly supplier: string;
  readonly appendedAt: UnixSeconds;
  readonly expiresAt: UnixSeconds;
  /** What it publishes, sorted by key data. */
  readonly records: Uint8Array;
}

const tables = (db: Db) => db.withTables<LocationTables>();

const LOCATION_COLUMNS = [
  "id",
  "name",
  "index_object as indexObject",
  "base_prefix as basePrefix",
  "line_prefix as linePrefix",
  "retention_seconds as retentionSeconds",
  "grace_seconds as graceSeconds",
  "ours",
  "revision",
  "next_seq as nextSeq",
  "last_end_at as lastEndAt",
] as const;

export async function insertLocation(
  tx: Db,
  location: Pick<Location, "name" | "indexObject" | "basePrefix" | "linePrefix" | "retentionSeconds" | "graceSeconds">,
): Promise<number | null> {
  const row = await tables(tx)
    .insertInto("location")
    .values({
      name: location.name,
      index_object: location.indexObject,
      base_prefix: location.basePrefix,
      line_prefix: location.linePrefix,
      retention_seconds: location.retentionSeconds,
      grace_seconds: location.graceSeconds,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id ?? null;
}

export async function readLocation(db: Db, name: string): Promise<Location | undefined> {
  return tables(db).selectFrom("location").select(LOCATION_COLUMNS).where("name", "=", name).executeTakeFirst();
}

export async function readLocations(db: Db): Promise<Location[]> {
  return tables(db).selectFrom("location").select(LOCATION_COLUMNS).orderBy("id").execute();
}

export async function insertSeal(tx: Db, locationId: number, seal: Seal): Promise<void> {
  await tables(tx)
    .insertInto("location_seal")
    .values({
      location_id: locationId,
      signing_key: seal.signingKey,
      key_id: seal.keyId,
      key_version: seal.keyVersion,
      public_key_pem: seal.publicKeyPem,
      from_at: seal.from,
      until_at: seal.until,
    })
    .execute();
}

/** Two changes of one location's seals go one after the other. */
export async function lockLocation(tx: Db, locationId: number): Promise<void> {
  await tables(tx).selectFrom("location").select("id").where("id", "=", locationId).forUpdate().execute();
}

/** Two locations are made one after the other, so that the later sees the objects of the earlier. */
export async function lockLocations(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('locations ' || current_schema(), 0))`.execute(tx);
}

/** Lets the seal that would be valid at `until` end there. */
export async function endSealBefore(tx: Db, locationId: number, until: UnixSeconds): Promise<void> {
  await tables(tx)
    .updateTable("location_seal")
    .set({ until_at: until })
    .where("location_id", "=", locationId)
    .where("from_at", "<", until)
    .where((is) => is.or([is("until_at", "is", null), is("until_at", ">", until)]))
    .execute();
}

/** Takes a seal away; the one before it is valid until `next`, null for ever. */
export async function deleteSeal(
  tx: Db,
  locationId: number,
  from: UnixSeconds,
  next: UnixSeconds | null,
): Promise<void> {
  await tables(tx)
    .deleteFrom("location_seal")
    .where("location_id", "=", locationId)
    .where("from_at", "=", from)
    .execute();
  await tables(tx)
    .updateTable("location_seal")
    .set({ until_at: next })
    .where("location_id", "=", locationId)
    .where("until_at", "=", from)
    .execute();
}

/** When the location got its newest archive; null while it has none. */
export async function readLastAppended(db: Db, locationId: number): Promise<UnixSeconds | null> {
  const row = await tables(db)
    .selectFrom("location_archive")
    .select("appended_at")
    .where("location_id", "=", locationId)
    .orderBy("seq", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.appended_at ?? null;
}

export async function readSeals(db: Db, locationId: number): Promise<Seal[]> {
  return tables(db)
    .selectFrom("location_seal")
    .select([
      "signing_key as signingKey",
      "key_id as keyId",
      "key_version as keyVersion",
      "public_key_pem as publicKeyPem",
      "from_at as from",
      "until_at as until",
    ])
    .where("location_id", "=", locationId)
    .orderBy("from_at")
    .execute();
}

export async function readArchives(db: Db, locationId: number): Promise<LocationArchive[]> {
  return tables(db)
    .selectFrom("location_archive")
    .select([
      "seq",
      "line",
      "start_at as start",
      "end_at as end",
      "expires_at as expiresAt",
      "expired_at as expiredAt",
      "unlisted_at as unlistedAt",
      "deleted_at as deletedAt",
    ])
    .where("location_id", "=", locationId)
    .orderBy("seq")
    .execute();
}

/** Whether the location has, or had until lately, an archive of exactly these bytes. */
export async function isDigestKnown(db: Db, locationId: number, digest: string): Promise<boolean> {
  const row = await tables(db)
    .selectFrom("location_archive")
    .select("seq")
    .where("location_id", "=", locationId)
    .where("digest", "=", digest)
    .executeTakeFirst();
  return row !== undefined;
}

/** Another location that has one of these objects as an archive; null: none has. */
export async function readHolder(
  db: Db,
  locationId: number,
  objects: readonly string[],
): Promise<{ location: string; object: string } | null> {
  if (objects.length === 0) return null;
  const object = sql<string>`base_prefix || line`;
  const row = await tables(db)
    .selectFrom("location_archive")
    .innerJoin("location", "location.id", "location_archive.location_id")
    .select(["location.name as location", object.as("object")])
    .where("location.id", "<>", locationId)
    .where("deleted_at", "is", null)
    .where(object, "in", objects)
    .orderBy("location.id")
    .orderBy("seq")
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** Archives whose line left the index at `cutoff` or before and whose object is still there. */
export async function readUnlistedBefore(
  db: Db,
  locationId: number,
  cutoff: UnixSeconds,
): Promise<Pick<LocationArchive, "seq" | "line">[]> {
  return tables(db)
    .selectFrom("location_archive")
    .select(["seq", "line"])
    .where("location_id", "=", locationId)
    .where("unlisted_at", "<=", cutoff)
    .where("deleted_at", "is", null)
    .orderBy("seq")
    .execute();
}

/**
 * Takes the right to commit behind revision `expected`: false when somebody else committed since. The row stays
 * locked until the transaction ends.
 */
export async function advanceLocation(
  tx: Db,
  locationId: number,
  expected: number,
  change: { readonly nextSeq: number; readonly lastEndAt: UnixSeconds },
): Promise<boolean> {
  const result = await tables(tx)
    .updateTable("location")
    .set({ revision: expected + 1, next_seq: change.nextSeq, last_end_at: change.lastEndAt, ours: true })
    .where("id", "=", locationId)
    .where("revision", "=", expected)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function insertArchive(tx: Db, locationId: number, archive: NewArchive): Promise<void> {
  await tables(tx)
    .insertInto("location_archive")
    .values({
      location_id: locationId,
      seq: archive.seq,
      line: archive.line,
      start_at: archive.start,
      end_at: archive.end,
      region: archive.region,
      primary_count: archive.primaryCount,
      revised_count: archive.revisedCount,
      digest: archive.digest,
      byte_count: archive.byteCount,
      supplier: archive.supplier,
      appended_at: archive.appendedAt,
      expires_at: archive.expiresAt,
      expired_at: null,
      unlisted_at: null,
      deleted_at: null,
    })
    .execute();
  await tables(tx)
    .insertInto("location_archive_keys")
    .values({ location_id: locationId, seq: archive.seq, records: archive.records })
    .execute();
}

type Moment = "expired_at" | "unlisted_at" | "deleted_at";

/** Notes that something happened to archives; a moment once noted stays. */
export async function markArchives(
  db: Db,
  locationId: number,
  seqs: readonly number[],
  moment: Moment,
  at: UnixSeconds,
): Promise<void> {
  if (seqs.length === 0) return;
  await tables(db)
    .updateTable("location_archive")
    .set({ [moment]: at })
    .where("location_id", "=", locationId)
    .where("seq", "in", seqs)
    .where(moment, "is", null)
    .execute();
}

/** Forgets archives that were deleted before `cutoff`; their names cannot come again, since windows only rise. */
export async function deleteArchiveRows(db: Db, locationId: number, cutoff: UnixSeconds): Promise<void> {
  await tables(db)
    .deleteFrom("location_archive")
    .where("location_id", "=", locationId)
    .where("deleted_at", "<", cutoff)
    .where(sql<boolean>`seq < (select next_seq - 1 from location where id = ${locationId})`)
    .execute();
}

/** Totals for reports: archives and keys ever appended, by supplier, of those rows that still exist. */
export async function readSupplierTotals(
  db: Db,
  locationId: number,
): Promise<{ supplier: string; archives: number; primaries: number; revised: number }[]> {
  return tables(db)
    .selectFrom("location_archive")
    .select(({ fn }) => [
      "supplier",
      fn.countAll<number>().as("archives"),
      fn.sum<number>("primary_count").as("primaries"),
      fn.sum<number>("revised_count").as("revised"),
    ])
    .where("location_id", "=", locationId)
    .groupBy("supplier")
    .orderBy("supplier")
    .execute();
}
