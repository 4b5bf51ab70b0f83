// The SQL that shows locations and their archives to people.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { Db } from "../../platform/database/database.ts";
import type { Location } from "./location-types.ts";
import type { ArchiveOverview, LocationOverview, SealUse } from "./overview-types.ts";

const ARCHIVE_COLUMNS = sql`a.seq, a.line, a.start_at as "start", a.end_at as "end", a.region,
  a.primary_count as "primaries", a.revised_count as "revised", a.byte_count as "byteCount", a.digest, a.supplier,
  a.appended_at as "appendedAt", a.expires_at as "expiresAt", a.expired_at as "expiredAt",
  a.unlisted_at as "unlistedAt", a.deleted_at as "deletedAt"`;

/** All locations, by name. */
export function readOverviews(db: Db): Promise<LocationOverview[]> {
  return readWhere(db, sql`true`);
}

export async function readOverview(db: Db, name: string): Promise<LocationOverview | undefined> {
  return (await readWhere(db, sql`l.name = ${name}`))[0];
}

type OverviewRow = Omit<LocationOverview, "lastFailure" | "lastArchive"> & {
  readonly failedAt: UnixSeconds | null;
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
};

async function readWhere(db: Db, condition: RawBuilder<unknown>): Promise<LocationOverview[]> {
  // An index never loses its newest archive, so that one is listed whatever its own expiry says (DB I4).
  const { rows } = await sql<OverviewRow>`
    select l.id, l.name, index_object as "indexObject", base_prefix as "basePrefix", line_prefix as "linePrefix",
      retention_seconds as "retentionSeconds", grace_seconds as "graceSeconds", ours, last_end_at as "lastEndAt",
      index_checked_at as "indexCheckedAt", failed_at as "failedAt", failure_code as "failureCode",
      failure_message as "failureMessage",
      (select count(*) from location_archive a
        where a.location_id = l.id and (a.expired_at is null or a.seq = l.next_seq - 1)) as "listedArchives",
      (select a.expires_at from location_archive a
        where a.location_id = l.id and a.expired_at is null and a.seq < l.next_seq - 1
        order by a.seq limit 1) as "headExpiresAt",
      (select min(a.unlisted_at) from location_archive a
        where a.location_id = l.id and a.deleted_at is null) + grace_seconds as "deletionDueAt"
    from location l
    where ${condition}
    order by l.name collate "C"`.execute(db);
  const newest = await readNewestArchives(db);
  return rows.map(({ failedAt, failureCode, failureMessage, ...row }) => ({
    ...row,
    lastArchive: newest.get(row.id) ?? null,
    lastFailure:
      failedAt === null || failureCode === null
        ? null
        : { at: failedAt, code: failureCode, message: failureMessage ?? "" },
  }));
}

async function readNewestArchives(db: Db): Promise<Map<number, ArchiveOverview>> {
  const { rows } = await sql<ArchiveOverview & { locationId: number }>`
    select l.id as "locationId", ${ARCHIVE_COLUMNS}
    from location l join location_archive a on a.location_id = l.id and a.seq = l.next_seq - 1`.execute(db);
  return new Map(rows.map(({ locationId, ...archive }) => [locationId, archive]));
}

/** A page of the archives of a location, the newest first, from below `beforeSeq` (null: from the newest). */
export async function readArchivePage(
  db: Db,
  locationId: number,
  beforeSeq: number | null,
  limit: number,
): Promise<ArchiveOverview[]> {
  const { rows } = await sql<ArchiveOverview>`
    select ${ARCHIVE_COLUMNS} from location_archive a
    where a.location_id = ${locationId}::bigint
      and (${beforeSeq}::bigint is null or a.seq < ${beforeSeq}::bigint)
    order by a.seq desc
    limit ${limit}::bigint`.execute(db);
  return rows;
}

/** What is listed, and until when the last of it is. */
export interface Listed {
  readonly archives: number;
  readonly keys: number;
  readonly lastExpiresAt: UnixSeconds | null;
}

export async function readListed(db: Db, locationId: number): Promise<Listed> {
  const { rows } = await sql<Listed>`
    select count(*) as "archives", coalesce(sum(primary_count), 0)::bigint as "keys", max(expires_at) as "lastExpiresAt"
    from location_archive a join location l on l.id = a.location_id
    where l.id = ${locationId}::bigint and (a.expired_at is null or a.seq = l.next_seq - 1)`.execute(db);
  return rows[0] ?? { archives: 0, keys: 0, lastExpiresAt: null };
}

/** What was adopted, and what of it is to leave the index at once; the newest stays. */
export interface Adopted {
  readonly archives: number;
  readonly keys: number;
  readonly due: number;
  readonly dueKeys: number;
  readonly lastEndAt: UnixSeconds;
}

export async function readAdopted(db: Db, locationId: number, now: UnixSeconds): Promise<Adopted> {
  const due = sql`filter (where a.expires_at <= ${now}::bigint and a.seq < l.next_seq - 1)`;
  const { rows } = await sql<Adopted>`
    select count(*) as "archives", coalesce(sum(primary_count), 0)::bigint as "keys", count(*) ${due} as "due",
      coalesce(sum(primary_count) ${due}, 0)::bigint as "dueKeys", coalesce(max(last_end_at), 0) as "lastEndAt"
    from location_archive a join location l on l.id = a.location_id
    where l.id = ${locationId}::bigint`.execute(db);
  return rows[0] ?? { archives: 0, keys: 0, due: 0, dueKeys: 0, lastEndAt: 0 };
}

/** How many archives that are still there left the index at `cutoff` or before. */
export async function countUnlistedBefore(db: Db, locationId: number, cutoff: UnixSeconds): Promise<number> {
  const { rows } = await sql<{ found: number }>`
    select count(*) as "found" from location_archive
    where location_id = ${locationId}::bigint and unlisted_at <= ${cutoff}::bigint and deleted_at is null`.execute(db);
  return rows[0]?.found ?? 0;
}

/** Every seal that names a signing key of ours, with its location. */
export async function readSealUses(db: Db): Promise<SealUse[]> {
  const { rows } = await sql<SealUse>`
    select signing_key as "signingKey", name as location, key_id as "keyId", key_version as "keyVersion",
      from_at as "from", until_at as "until"
    from location_seal join location on location.id = location_id
    where signing_key is not null
    order by name collate "C", from_at`.execute(db);
  return rows;
}

/** Archives leave the index and are deleted by these from now on; what is listed keeps its expiry. */
export async function updateTimes(
  tx: Db,
  locationId: number,
  times: { readonly retentionSeconds: number; readonly graceSeconds: number },
): Promise<void> {
  await sql`
    update location set retention_seconds = ${times.retentionSeconds}, grace_seconds = ${times.graceSeconds}
    where id = ${locationId}::bigint`.execute(tx);
}

/** Moves a location; false where something was committed there since it was read. A writer that read it before commits nothing. */
export async function updatePlaces(
  tx: Db,
  { id, revision }: Pick<Location, "id" | "revision">,
  places: Pick<Location, "indexObject" | "basePrefix" | "linePrefix">,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update location set index_object = ${places.indexObject}, base_prefix = ${places.basePrefix},
      line_prefix = ${places.linePrefix}, revision = revision + 1
    where id = ${id}::bigint and revision = ${revision}::bigint`.execute(tx);
  return numAffectedRows === 1n;
}

/** Records that the index was as it should be at `now`. */
export async function recordPublished(db: Db, name: string, now: UnixSeconds): Promise<void> {
  await sql`
    update location set index_checked_at = ${now}::bigint, failed_at = null, failure_code = null, failure_message = null
    where name = ${name}`.execute(db);
}

/** Records why the index could not be published. */
export async function recordFailure(
  db: Db,
  name: string,
  failure: { readonly at: UnixSeconds; readonly code: string; readonly message: string },
): Promise<void> {
  await sql`
    update location set failed_at = ${failure.at}::bigint, failure_code = ${failure.code},
      failure_message = ${failure.message}
    where name = ${name}`.execute(db);
}
