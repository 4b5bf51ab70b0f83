// Packed records reach the database and come back as they were.

import * as fc from "fast-check";
import { sql } from "kysely";
import { beforeAll, expect, test } from "vitest";
import { describeOnEachDatabase } from "../../../test/support/databases.ts";
import type { ExposureKey } from "../../core/exposure-key.ts";
import { KeyBatch } from "../../core/key-batch.ts";
import type { Database } from "./database.ts";
import { packRecord, type UnpackedRecord, unpackRecords } from "./packed.ts";

const exposureKey: fc.Arbitrary<ExposureKey> = fc.record({
  keyData: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  rollingStart: fc.nat(0x7fff_ffff),
  rollingPeriod: fc.integer({ min: 1, max: 144 }),
  transmissionRisk: fc.option(fc.integer({ min: 0, max: 8 })),
  reportType: fc.option(fc.constantFrom(1, 2, 3, 5)),
  daysSinceOnset: fc.option(fc.integer({ min: -14, max: 14 })),
});

describeOnEachDatabase("packed records", (open) => {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await sql`
      create table stored (
        position integer, key_data bytea, rolling_start integer, rolling_period smallint,
        transmission_risk smallint, report_type smallint, days_since_onset smallint
      )`.execute(database.db);
  });

  const select = async (fragment: ReturnType<typeof unpackRecords>) =>
    (await sql<UnpackedRecord>`select * from ${fragment} as record order by i`.execute(database.db)).rows;

  test("unpack to the values that KeyBatch reads", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(exposureKey, { maxLength: 20 }), async (keys) => {
        const rows = await select(unpackRecords(KeyBatch.from(keys).bytes));
        expect(rows).toEqual(
          keys.map((key, i) => ({
            i,
            key_data: key.keyData,
            rolling_start: key.rollingStart,
            rolling_period: key.rollingPeriod,
            transmission_risk: key.transmissionRisk,
            report_type: key.reportType,
            days_since_onset: key.daysSinceOnset,
          })),
        );
      }),
      { numRuns: 30 },
    );
  });

  test("come back byte for byte through a table", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(exposureKey, { minLength: 1, maxLength: 20 }), async (keys) => {
        const { bytes } = KeyBatch.from(keys);
        await sql`truncate stored`.execute(database.db);
        await sql`insert into stored select * from ${unpackRecords(bytes)} as record`.execute(database.db);
        const { rows } = await sql<{ packed: Uint8Array }>`
          select string_agg(${packRecord("stored")}, ''::bytea order by position) as packed from stored`.execute(
          database.db,
        );
        expect(rows[0]?.packed).toEqual(bytes);
      }),
      { numRuns: 30 },
    );
  });

  test("carry further numbers up to the largest uint32 behind each record", async () => {
    const packed = new Uint8Array(2 * 32).fill(1);
    const view = new DataView(packed.buffer);
    view.setUint32(24, 0xffff_ffff);
    view.setUint32(28, 7);
    view.setUint32(32 + 24, 1_700_000_000);
    view.setUint32(32 + 28, 0);
    const rows = await select(unpackRecords(packed, ["released_at", "source_id"]));
    expect(rows).toMatchObject([
      { i: 0, released_at: 0xffff_ffff, source_id: 7 },
      { i: 1, released_at: 1_700_000_000, source_id: 0 },
    ]);
  });

  test("of ten thousand keys are one statement", async () => {
    const { bytes } = KeyBatch.from(fc.sample(exposureKey, { numRuns: 100, seed: 1 }));
    const many = new Uint8Array(bytes.length * 100);
    for (let at = 0; at < many.length; at += bytes.length) many.set(bytes, at);
    const { rows } = await sql`select count(*) as count from ${unpackRecords(many)} as record`.execute(database.db);
    expect(rows).toEqual([{ count: 10_000 }]);
  });

  test("that are cut short are refused", () => {
    expect(() => unpackRecords(new Uint8Array(25))).toThrow(RangeError);
  });
});
