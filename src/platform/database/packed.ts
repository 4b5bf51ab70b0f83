// Exposure keys in SQL as packed records, the layout of KeyBatch (core/key-batch.ts): one parameter instead of many rows.

import { type RawBuilder, sql } from "kysely";
import { RECORD_LENGTH } from "../../core/key-batch.ts";

/** The columns of an unpacked record; absent values are null. */
export interface UnpackedRecord {
  /** The record's position, from 0. */
  readonly i: number;
  readonly key_data: Uint8Array;
  readonly rolling_start: number;
  readonly rolling_period: number;
  readonly transmission_risk: number | null;
  readonly report_type: number | null;
  readonly days_since_onset: number | null;
}

const UINT32_LENGTH = 4;

/**
 * A row set with the columns of UnpackedRecord, for `from ${unpackRecords(batch.bytes)} as record`.
 * Each name in `extra` is a further bigint column, read from a uint32 behind the 24 bytes of its record.
 * Ten thousand records per statement are a good measure: about 4 million per second, a tenth of what an insert takes.
 */
export function unpackRecords<Extra extends string = never>(
  packed: Uint8Array,
  extra: readonly Extra[] = [],
): RawBuilder<UnpackedRecord & Record<Extra, number>> {
  const length = RECORD_LENGTH + extra.length * UINT32_LENGTH;
  if (packed.length % length !== 0) throw new RangeError("the packed bytes hold whole records");
  const extraColumns = extra.map(
    (name, index) => sql`, ${uint32At(RECORD_LENGTH + index * UINT32_LENGTH)} as ${sql.id(name)}`,
  );
  // The record is cut out first: cutting single bytes out of all the bytes takes half as long again.
  return sql`(
    select i,
      substring(record, 1, 16) as key_data,
      ${uint32At(16)}::integer as rolling_start,
      get_byte(record, 20)::smallint as rolling_period,
      nullif(get_byte(record, 21), 255)::smallint as transmission_risk,
      nullif(get_byte(record, 22), 0)::smallint as report_type,
      (nullif(get_byte(record, 23), 255) - 100)::smallint as days_since_onset
      ${sql.join(extraColumns, sql``)}
    from (
      select i, substring(${packed}::bytea, i * ${sql.lit(length)} + 1, ${sql.lit(length)}) as record
      from generate_series(0, ${sql.lit(packed.length / length - 1)}) i
      offset 0
    ) sliced
  )`;
}

/**
 * The 24 bytes of one row whose columns are named as in UnpackedRecord, optionally those of `table`. So
 * `string_agg(${packRecord()}, ''::bytea order by ...)` gives the bytes of a KeyBatch, or null without rows.
 */
export function packRecord(table?: string): RawBuilder<Uint8Array> {
  const column = (name: string) => (table === undefined ? sql.ref(name) : sql.ref(`${table}.${name}`));
  // Eight bytes at once: joining two times four takes half as long again.
  return sql`(
    ${column("key_data")}
    || int8send(
      (${column("rolling_start")}::bigint << 32)
      | (${column("rolling_period")}::bigint << 24)
      | (coalesce(${column("transmission_risk")}, 255)::integer << 16)
      | (coalesce(${column("report_type")}, 0)::integer << 8)
      | coalesce(${column("days_since_onset")} + 100, 255)::integer
    )
  )`;
}

function uint32At(offset: number): RawBuilder<number> {
  const byte = (index: number) => sql`get_byte(record, ${sql.lit(offset + index)})`;
  return sql`((${byte(0)}::bigint << 24) | (${byte(1)} << 16) | (${byte(2)} << 8) | ${byte(3)})`;
}
