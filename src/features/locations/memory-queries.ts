// The SQL that reads a location's memory: what each of its archives published, as sorted records.

import { sql } from "kysely";
import { KeyBatch, RECORD_LENGTH } from "../../core/key-batch.ts";
import type { Db } from "../../platform/database/database.ts";

export interface RememberedArchive {
  readonly seq: number;
  /** Of its bytes: the same digest means the same records. */
  readonly digest: string;
}

/** The archives of which the location remembers the keys, oldest first. */
export async function readRememberedArchives(db: Db, locationId: number): Promise<RememberedArchive[]> {
  const { rows } = await sql<RememberedArchive>`
    select keys.seq, archive.digest
    from location_archive_keys keys join location_archive archive using (location_id, seq)
    where location_id = ${locationId}::bigint
    order by keys.seq`.execute(db);
  return rows;
}

/** All records of one archive; none when it was forgotten meanwhile. */
export async function readRecords(db: Db, locationId: number, seq: number): Promise<KeyBatch> {
  const { rows } = await sql<{ records: Uint8Array }>`
    select records from location_archive_keys
    where location_id = ${locationId}::bigint and seq = ${seq}::bigint`.execute(db);
  return new KeyBatch(rows[0]?.records ?? new Uint8Array(0));
}

/** The records at `positions` of one archive, in their order; PostgreSQL reads no more of the value than it needs. */
export async function readRecordsAt(
  db: Db,
  locationId: number,
  seq: number,
  positions: readonly number[],
): Promise<KeyBatch> {
  const { rows } = await sql<{ records: Uint8Array | null }>`
    select string_agg(substring(records, place * ${sql.lit(RECORD_LENGTH)} + 1, ${sql.lit(RECORD_LENGTH)}), ''::bytea
      order by place) as records
    from location_archive_keys, unnest(${positions}::integer[]) as place
    where location_id = ${locationId}::bigint and seq = ${seq}::bigint`.execute(db);
  return new KeyBatch(rows[0]?.records ?? new Uint8Array(0));
}
