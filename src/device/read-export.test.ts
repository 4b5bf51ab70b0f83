// Phones read exactly what the server built, with a reader of their own.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExposureKey, ReportType } from "../core/exposure-key.ts";
import { KeyBatch } from "../core/key-batch.ts";
import { androidLenient } from "./android-verifier.ts";
import { iosFirstSignature } from "./ios-verifier.ts";
import { judgeKeyAndroid } from "./key-rules.ts";
import { nodePhoneTools } from "./node-phone-tools.ts";
import { readExport } from "./read-export.ts";
import { buildSignedArchive, makeSigner } from "./testing/make-archive.ts";

const signer = makeSigner("310", "v1");

const anyKey: fc.Arbitrary<ExposureKey> = fc.record({
  keyData: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  rollingStart: fc.nat(0x7fff_ffff),
  rollingPeriod: fc.integer({ min: 1, max: 144 }),
  transmissionRisk: fc.option(fc.integer({ min: 0, max: 8 })),
  reportType: fc.option(fc.constantFrom<ReportType[]>(1, 2, 3, 5)),
  daysSinceOnset: fc.option(fc.integer({ min: -14, max: 14 })),
});

function sortedRecords(batch: KeyBatch): string[] {
  return Array.from({ length: batch.length }, (_, index) => Buffer.from(batch.record(index)).toString("hex")).sort();
}

describe("both platforms read what the server built", () => {
  test.each([
    ["Android", androidLenient],
    ["iOS", iosFirstSignature],
  ])("%s: every key with all six values, absent ones absent", async (_platform, verifier) => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyKey), fc.array(anyKey), async (primaries, revised) => {
        const keys = { primaries: KeyBatch.from(primaries), revised: KeyBatch.from(revised) };
        const bytes = await buildSignedArchive({ start: 1_000, end: 2_000, region: "XX", ...keys }, signer);
        const verdict = verifier.judgeCall([{ name: "file", bytes }], [[signer.trusted]], nodePhoneTools);
        const read = verdict.outcome === "accepted" ? verdict.exports[0] : undefined;
        expect(sortedRecords(read?.primaries ?? KeyBatch.empty)).toEqual(sortedRecords(keys.primaries));
        expect(sortedRecords(read?.revised ?? KeyBatch.empty)).toEqual(sortedRecords(keys.revised));
      }),
      { numRuns: 50 },
    );
  });
});

test("the reference vector of KS 1.14 is read: its keys of three bytes never match", () => {
  const bytes = Buffer.from(
    "454b204578706f727420763120202020098066ab5e00000000119074ab5e000000001a02555320012801321d1a013122033331302a13312e" +
      "322e3834302e31303034352e342e332e323a0f0a03414243100818122000280230003a0f0a034445461001187620012801300" +
      "13a0f0a0347484910051876200128033001420b0a03313233100418642805",
    "hex",
  );
  const seen: unknown[] = [];
  const read = readExport(bytes, (key) => {
    seen.push({ ...key, keyData: Buffer.from(key.keyData).toString() });
    return "passed_over";
  });
  expect(read).toMatchObject({ start: 1_588_291_200n, end: 1_588_294_800n, region: "US", batchNum: 1, batchSize: 1 });
  expect(read.signatureInfos).toEqual([{ keyId: "310", keyVersion: "1", algorithm: "1.2.840.10045.4.3.2" }]);
  const key = { transmissionRisk: 1, rollingStart: 118, rollingPeriod: 1, reportType: 1, daysSinceOnset: -1 };
  expect(seen).toEqual([
    { keyData: "ABC", transmissionRisk: 8, rollingStart: 18, rollingPeriod: 0, reportType: 2, daysSinceOnset: 0 },
    { ...key, keyData: "DEF" },
    { ...key, keyData: "GHI", transmissionRisk: 5, reportType: 3 },
    {
      ...key,
      keyData: "123",
      transmissionRisk: 4,
      rollingStart: 100,
      rollingPeriod: undefined,
      reportType: 5,
      daysSinceOnset: undefined,
    },
  ]);
});

test.each([
  [undefined, null],
  [0, null],
  [4, null],
  [9, null],
  [5, 5],
])("report type %s is kept as %s", (delivered, kept) => {
  const absent = { rollingStart: 1, rollingPeriod: undefined, transmissionRisk: undefined, daysSinceOnset: undefined };
  const verdict = judgeKeyAndroid({ keyData: new Uint8Array(16), ...absent, reportType: delivered });
  expect(verdict).toMatchObject({ reportType: kept, rollingPeriod: 144, transmissionRisk: null, daysSinceOnset: null });
});
