// The SQL that stores and changes exposure keys.

import { type RawBuilder, sql } from "kysely";
import type { UnixSeconds } from "../../core/clock.ts";
import type { ReportType } from "../../core/exposure-key.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import type { RevisableValues, StoredKey } from "../../core/merge-key.ts";
import type { Db } from "../../platform/database/database.ts";
import { packRecord, unpackRecords } from "../../platform/database/packed.ts";
import type { KeyOrigin } from "./exposure-types.ts";
import { type HeldHorizon, holdHorizon } from "./horizon-queries.ts";

/** A stored key as the merge decision needs it; `revision` follows the decisions of the running save. */
export interface StoredExposure extends StoredKey {
  readonly originKind: string;
  /** The suppliers that own it; none: its uploader does, or this server. */
  owners: readonly number[];
  readonly releasedAt: UnixSeconds;
  isClaimantsWord: boolean;
  revision: RevisableValues | null;
}

/**
 * From here to its end the transaction finds keys by the index of their key data, if it asks as `storedAs` does, and
 * compiles nothing. Whatever statistics say: while the first keys of a table are saved, they say that it is empty, and
 * any plan seems good.
 */
const KEYS_BY_INDEX = sql`
  set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', 'off', true),
  set_config('enable_sort', 'off', true), set_config('jit', 'off', true)`;

/** The row of a record's key, for a subquery: by a range and in order, since only that index has this order. */
const storedAs = sql`
  exposure.key_data between record.key_data and record.key_data
  order by exposure.key_data
  limit 1`;

/** What is true of all keys of one statement. */
interface AboutKeys {
  readonly origin: KeyOrigin;
  readonly regions: readonly string[];
  readonly traveler: boolean;
}

export interface SaveStart extends HeldHorizon {
  /** Of the keys that were asked for the key data of those that are stored, one behind the other. */
  readonly stored: Uint8Array;
}

/**
 * Begins a save, after which the transaction finds keys by index, and looks for `keys`. Whoever closes windows while it
 * is under way waits until it ends, so that what it saves is exported by the next one; it waits for nobody.
 */
export async function beginSave(tx: Db, keys: KeyBatch = KeyBatch.empty): Promise<SaveStart> {
  return { ...(await holdHorizon(tx, KEYS_BY_INDEX)), stored: await findStored(tx, keys) };
}

async function findStored(tx: Db, keys: KeyBatch): Promise<Uint8Array> {
  if (keys.length === 0) return new Uint8Array(0);
  const { rows } = await sql<{ stored: Uint8Array | null }>`
    select string_agg(key_data, ''::bytea) as stored from ${unpackRecords(keys.bytes)} as record
    where exists (select from exposure where ${storedAs})`.execute(tx);
  return rows[0]?.stored ?? new Uint8Array(0);
}

const UNIQUE_VIOLATION = "23505";
const SAVE_ATTEMPTS = 5;

/**
 * Runs `save`, and again where it met keys that somebody else was storing at the same moment: by then they are stored,
 * and the next attempt finds them. What an attempt wrote is undone before the next.
 */
export async function savingRepeatedly<T>(tx: Db, save: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    await sql`savepoint before_save`.execute(tx);
    try {
      const result = await save();
      await sql`release savepoint before_save`.execute(tx);
      return result;
    } catch (error) {
      if (attempt === SAVE_ATTEMPTS || !isUniqueViolation(error)) throw error;
      await sql`rollback to savepoint before_save`.execute(tx);
    }
  }
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === UNIQUE_VIOLATION;
}

/** For transactions that look for keys before they save any. */
export async function findKeysByIndex(tx: Db): Promise<void> {
  await sql`select ${KEYS_BY_INDEX}`.execute(tx);
}

/**
 * Inserts keys that are not there yet and answers the key data of those that are, one behind the other. Records carry
 * their release time and hold no key twice. Looking first costs half of what ON CONFLICT does, which writes twice to the
 * log for each row; what is stored between the look and the insert makes the statement fail (`savingRepeatedly`).
 */
export async function insertKeys(tx: Db, timedRecords: Uint8Array, about: AboutKeys): Promise<Uint8Array> {
  if (timedRecords.length === 0) return new Uint8Array(0);
  const { rows } = await sql<{ stored: Uint8Array | null }>`
    with given as materialized (
      select record.*, (select true from exposure where ${storedAs}) as is_stored
      from ${unpackRecords(timedRecords, ["released_at"])} as record
    ), inserted as (${insertInto(about)} from given where is_stored is null)
    select string_agg(key_data, ''::bytea) as stored from given where is_stored`.execute(tx);
  return rows[0]?.stored ?? new Uint8Array(0);
}

/**
 * Inserts keys of which none is there; one that is makes the statement fail. Records carry their release time. The same
 * statement makes the changes `beside`, none of which sees another.
 */
export async function insertNewKeys(
  tx: Db,
  timedRecords: Uint8Array,
  about: AboutKeys,
  beside: readonly RawBuilder<unknown>[],
): Promise<void> {
  const parts = beside.map((change, index) => sql`${sql.id(`beside_${index}`)} as (${change})`);
  await sql`
    ${parts.length > 0 ? sql`with ${sql.join(parts)}` : sql``}
    ${insertInto(about)} from ${unpackRecords(timedRecords, ["released_at"])} as record`.execute(tx);
}

/** Up to the rows from which keys are inserted. */
function insertInto({ origin, regions, traveler }: AboutKeys): RawBuilder<unknown> {
  return sql`
    insert into exposure (
      key_data, rolling_start, rolling_period, transmission_risk, report_type, days_since_onset,
      regions, traveler, origin, supplier_id, released_at
    )
    select key_data, rolling_start, rolling_period, transmission_risk, report_type, days_since_onset,
      ${regions}::text[], ${traveler}::boolean, ${origin.kind}, ${supplierOf(origin)}::bigint, released_at`;
}

/** The stored keys among those of `chunk`, by key data in hex; their rows stay locked, in its order, until the transaction ends. */
export async function readStoredKeys(tx: Db, chunk: KeyBatch): Promise<Map<string, StoredExposure>> {
  if (chunk.length === 0) return new Map();
  const { rows } = await sql<{
    key_data: Uint8Array;
    rolling_start: number;
    rolling_period: number;
    transmission_risk: number | null;
    report_type: ReportType | null;
    days_since_onset: number | null;
    origin: string;
    supplier_id: number | null;
    further_suppliers: number[] | null;
    released_at: number;
    is_claimants_word: boolean | null;
    revised_at: number | null;
    revised_transmission_risk: number | null;
    revised_report_type: ReportType | null;
    revised_days_since_onset: number | null;
  }>`
    select stored.* from ${unpackRecords(chunk.bytes)} as record
    cross join lateral (
      select key_data, rolling_start, rolling_period, transmission_risk, report_type, days_since_onset, origin,
        supplier_id, further_suppliers, released_at, is_claimants_word, revised_at, revised_transmission_risk, revised_report_type, revised_days_since_onset
      from exposure where ${storedAs} for update
    ) as stored`.execute(tx);
  return new Map(
    rows.map((row) => [
      Uint8Array.from(row.key_data).toHex(),
      {
        rollingStart: row.rolling_start,
        rollingPeriod: row.rolling_period,
        transmissionRisk: row.transmission_risk,
        reportType: row.report_type,
        daysSinceOnset: row.days_since_onset,
        originKind: row.origin,
        owners: row.supplier_id === null ? [] : [row.supplier_id, ...(row.further_suppliers ?? [])],
        releasedAt: row.released_at,
        isClaimantsWord: row.is_claimants_word ?? false,
        revision:
          row.revised_at === null
            ? null
            : {
                transmissionRisk: row.revised_transmission_risk,
                reportType: row.revised_report_type,
                daysSinceOnset: row.revised_days_since_onset,
              },
      },
    ]),
  );
}

/**
 * Gives keys their revision, as the word of an owner or of a claimant. Records carry the time from which it may be
 * exported, never before the key itself.
 */
export async function writeRevisions(tx: Db, timedRecords: Uint8Array, isClaimantsWord = false): Promise<void> {
  if (timedRecords.length === 0) return;
  await sql`
    update exposure set
      revised_at = greatest(record.revised_at, exposure.released_at),
      revised_transmission_risk = record.transmission_risk,
      revised_report_type = record.report_type,
      revised_days_since_onset = record.days_since_onset,
      is_claimants_word = nullif(${isClaimantsWord}::boolean, false)
    from ${unpackRecords(timedRecords, ["revised_at"])} as record
    where exposure.key_data = record.key_data`.execute(tx);
}

/** Keeps revisions whose original is not there; a later one of the same source takes the place of the earlier. */
export async function awaitRevisions(
  tx: Db,
  records: Uint8Array,
  about: { readonly origin: KeyOrigin; readonly now: UnixSeconds },
): Promise<void> {
  if (records.length === 0) return;
  await sql`
    insert into awaited_revision (
      key_data, rolling_start, rolling_period, transmission_risk, report_type, days_since_onset,
      origin, supplier_id, received_at
    )
    select distinct on (key_data) key_data, rolling_start, rolling_period, transmission_risk, report_type,
      days_since_onset, ${about.origin.kind}, ${supplierOf(about.origin)}::bigint, ${about.now}::bigint
    from ${unpackRecords(records)} as record
    order by key_data, i desc
    on conflict (key_data, origin, coalesce(supplier_id, 0)) do update set
      rolling_start = excluded.rolling_start,
      rolling_period = excluded.rolling_period,
      transmission_risk = excluded.transmission_risk,
      report_type = excluded.report_type,
      days_since_onset = excluded.days_since_onset,
      received_at = excluded.received_at`.execute(tx);
}

/** Takes out the kept revisions of these keys that these suppliers sent. */
export async function takeAwaitedRevisions(
  tx: Db,
  records: Uint8Array,
  { kind, supplierIds }: { readonly kind: string; readonly supplierIds: readonly number[] },
): Promise<KeyBatch> {
  const { rows } = await sql<{ records: Uint8Array | null }>`
    with taken as (
      delete from awaited_revision using ${unpackRecords(records)} as record
      where awaited_revision.key_data = record.key_data and awaited_revision.origin = ${kind}
        and (awaited_revision.supplier_id = any(${supplierIds.map(String)}::bigint[])
          or (awaited_revision.supplier_id is null and ${supplierIds.length === 0}::boolean))
      returning awaited_revision.*
    )
    select string_agg(${packRecord()}, ''::bytea order by key_data, received_at) as records from taken`.execute(tx);
  return new KeyBatch(rows[0]?.records ?? new Uint8Array(0));
}

/** Takes out what any supplier said of these keys with the same interval, by supplier. */
export async function takeSuppliersRevisions(tx: Db, records: Uint8Array): Promise<ReadonlyMap<number, KeyBatch>> {
  const { rows } = await sql<{ supplierId: number; records: Uint8Array }>`
    with taken as (
      delete from awaited_revision using ${unpackRecords(records)} as record
      where awaited_revision.key_data = record.key_data and awaited_revision.origin = 'import'
        and awaited_revision.rolling_start = record.rolling_start
        and awaited_revision.rolling_period = record.rolling_period
      returning awaited_revision.*
    )
    select supplier_id as "supplierId", string_agg(${packRecord()}, ''::bytea order by key_data) as records
    from taken group by supplier_id order by supplier_id`.execute(tx);
  return new Map(rows.map((row) => [row.supplierId, new KeyBatch(row.records)]));
}

/** Notes the supplier as an owner of keys; `isClaimantsWord` null: whose word their values are stays as it is. */
export async function writeClaims(
  tx: Db,
  records: Uint8Array,
  supplierId: number,
  isClaimantsWord: boolean | null,
): Promise<void> {
  if (records.length === 0) return;
  await sql`
    update exposure set
      supplier_id = coalesce(exposure.supplier_id, ${supplierId}::bigint),
      further_suppliers = case when exposure.supplier_id is null then exposure.further_suppliers
        else exposure.further_suppliers || ${supplierId}::bigint end,
      is_claimants_word = case when ${isClaimantsWord}::boolean is null then exposure.is_claimants_word
        else nullif(${isClaimantsWord}::boolean, false) end
    from ${unpackRecords(records)} as record
    where exposure.key_data = record.key_data`.execute(tx);
}

/**
 * Puts what a supplier brings in the place of uploads that were not exported, as if it had come first. Records carry the
 * time from which they may be exported; where the interval is the same, the upload's own stays. Regions come together.
 */
export async function displaceKeys(tx: Db, timedRecords: Uint8Array, about: AboutKeys): Promise<void> {
  if (timedRecords.length === 0) return;
  await sql`
    update exposure set
      released_at = case when exposure.rolling_start = record.rolling_start
        and exposure.rolling_period = record.rolling_period then exposure.released_at else record.released_at end,
      rolling_start = record.rolling_start, rolling_period = record.rolling_period,
      transmission_risk = record.transmission_risk, report_type = record.report_type,
      days_since_onset = record.days_since_onset,
      regions = (select array_agg(distinct region) from unnest(exposure.regions || ${about.regions}::text[]) as region),
      traveler = exposure.traveler or ${about.traveler}::boolean,
      origin = ${about.origin.kind}, supplier_id = ${supplierOf(about.origin)}::bigint, is_claimants_word = null,
      revised_at = null, revised_transmission_risk = null, revised_report_type = null, revised_days_since_onset = null
    from ${unpackRecords(timedRecords, ["released_at"])} as record
    where exposure.key_data = record.key_data`.execute(tx);
}

/**
 * Stores generated keys as copies of the rows of `sources`, key by key: regions and travellers as there, the values as
 * in `records`. They are released into the very window that is being exported, closed as it is, so that exports which
 * come to that window later carry them beside the real ones; none is ever released where no real key is.
 */
export async function insertGeneratedKeys(
  tx: Db,
  records: Uint8Array,
  sources: Uint8Array,
  releasedAt: UnixSeconds,
): Promise<void> {
  if (records.length === 0) return;
  await sql`
    insert into exposure (
      key_data, rolling_start, rolling_period, transmission_risk, report_type, days_since_onset,
      regions, traveler, origin, supplier_id, released_at
    )
    select made.key_data, made.rolling_start, made.rolling_period, made.transmission_risk, made.report_type,
      made.days_since_onset, exposure.regions, exposure.traveler, 'generated', null,
      ${releasedAt}::bigint
    from ${unpackRecords(records)} as made
    join ${unpackRecords(sources)} as source on source.i = made.i
    join exposure on exposure.key_data = source.key_data
    on conflict do nothing`.execute(tx);
}

/** Deletes keys that no phone needs any more and whose last value was released before `cutoff`, at most so many; answers how many. */
export async function deleteKeysBefore(db: Db, cutoff: UnixSeconds, limit: number): Promise<number> {
  const deleted = await sql`
    delete from exposure where key_data in (
      select key_data from exposure
      where released_at < ${cutoff}
        and (revised_at is null or revised_at < ${cutoff})
        and (rolling_start::bigint + rolling_period) * 600 < ${cutoff}
      limit ${limit}::bigint
    ) and (revised_at is null or revised_at < ${cutoff})`.execute(db);
  return Number(deleted.numAffectedRows ?? 0);
}

/** Forgets revisions whose original has not come. */
export async function deleteAwaitedBefore(db: Db, cutoff: UnixSeconds): Promise<void> {
  await sql`delete from awaited_revision where received_at < ${cutoff}`.execute(db);
}

function supplierOf(origin: KeyOrigin): number | null {
  return "supplierId" in origin ? (origin.supplierId ?? null) : null;
}
