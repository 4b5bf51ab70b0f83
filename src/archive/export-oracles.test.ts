// export.bin and export.sig against two independent protobuf libraries, both ways.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ORACLES, type OracleMessage } from "../../test/support/export-oracles.ts";
import { anyKeyBatch } from "../../test/support/sample-archives.ts";
import type { ExposureKey } from "../core/exposure-key.ts";
import type { KeyBatch } from "../core/key-batch.ts";
import { runSteps } from "../core/steps.ts";
import type { ArchiveSignature, SignatureInfo } from "./archive-types.ts";
import { decodeExport } from "./decode-export.ts";
import { type ExportInput, encodeExport } from "./encode-export.ts";
import { EXPORT_HEADER } from "./export-fields.ts";
import { decodeSignatures, encodeSignatures } from "./signature-list.ts";

const anyText = fc.option(fc.string({ unit: "binary", maxLength: 12 }));
const anyInfo: fc.Arbitrary<SignatureInfo> = fc.record({ keyId: anyText, keyVersion: anyText, algorithm: anyText });
const anyExport: fc.Arbitrary<ExportInput> = fc.record({
  start: fc.integer({ min: 0, max: 253_402_300_799 }),
  end: fc.integer({ min: 0, max: 253_402_300_799 }),
  region: fc.string({ unit: "binary", maxLength: 12 }),
  signatureInfos: fc.array(anyInfo, { maxLength: 3 }),
  primaries: anyKeyBatch,
  revised: anyKeyBatch,
});
const anySignature: fc.Arbitrary<ArchiveSignature> = fc.record({
  info: anyInfo,
  batchNum: fc.option(fc.integer({ min: 0, max: 9 })),
  batchSize: fc.option(fc.integer({ min: 0, max: 9 })),
  signature: fc.uint8Array({ maxLength: 80 }),
});

describe.each(Object.entries(ORACLES))("%s", (_name, oracle) => {
  test("reads from our export.bin exactly what was written", () => {
    fc.assert(
      fc.property(anyExport, (input) => {
        const message = encodeExport(input).subarray(EXPORT_HEADER.length);
        expect(oracle.decode("TemporaryExposureKeyExport", message)).toEqual(exportAsMessage(input));
      }),
    );
  });

  test("writes export.bin that we read back exactly", () => {
    fc.assert(
      fc.property(anyExport, (input) => {
        const message = oracle.encode("TemporaryExposureKeyExport", exportAsMessage(input));
        const { header, primaries, revised, refusedCounts } = runSteps(
          decodeExport(Buffer.concat([EXPORT_HEADER, message])),
        );
        const { start, end, region, signatureInfos } = input;
        expect(header).toEqual({ start, end, region, signatureInfos, batchNum: 1, batchSize: 1 });
        expect([...primaries]).toEqual([...input.primaries]);
        expect([...revised]).toEqual([...input.revised]);
        expect(refusedCounts).toEqual({});
      }),
    );
  });

  test("writes the same bytes as we do", () => {
    fc.assert(
      fc.property(anyExport, (input) => {
        const message = oracle.encode("TemporaryExposureKeyExport", exportAsMessage(input));
        expect(Buffer.from(encodeExport(input)).toString("hex")).toBe(
          Buffer.concat([EXPORT_HEADER, message]).toString("hex"),
        );
      }),
    );
  });

  test("agrees on export.sig both ways", () => {
    fc.assert(
      fc.property(fc.array(anySignature, { maxLength: 4 }), (list) => {
        const message = { signatures: list.map(signatureAsMessage) };
        expect(oracle.decode("TEKSignatureList", encodeSignatures(list))).toEqual(message);
        expect(decodeSignatures(oracle.encode("TEKSignatureList", message), 4)).toEqual(list);
      }),
    );
  });

  test("takes values of every size for what we take them for", () => {
    const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(int32, int32, (batchNum, batchSize) => {
        const message = oracle.encode("TemporaryExposureKeyExport", { batchNum, batchSize });
        expect(runSteps(decodeExport(Buffer.concat([EXPORT_HEADER, message]))).header).toMatchObject({
          batchNum,
          batchSize,
        });
      }),
    );
  });
});

function exportAsMessage(input: ExportInput): OracleMessage {
  return {
    startTimestamp: input.start,
    endTimestamp: input.end,
    region: input.region,
    batchNum: 1,
    batchSize: 1,
    signatureInfos: input.signatureInfos.map(infoAsMessage),
    keys: keysAsMessages(input.primaries),
    revisedKeys: keysAsMessages(input.revised),
  };
}

function keysAsMessages(batch: KeyBatch): OracleMessage[] {
  return Array.from(batch, keyAsMessage);
}

function keyAsMessage(key: ExposureKey): OracleMessage {
  return withoutAbsent({
    keyData: new Uint8Array(key.keyData),
    transmissionRiskLevel: key.transmissionRisk,
    rollingStartIntervalNumber: key.rollingStart === 0 ? null : key.rollingStart,
    rollingPeriod: key.rollingPeriod === 144 ? null : key.rollingPeriod,
    reportType: key.reportType,
    daysSinceOnsetOfSymptoms: key.daysSinceOnset,
  });
}

function infoAsMessage(info: SignatureInfo): OracleMessage {
  return withoutAbsent({
    verificationKeyVersion: info.keyVersion,
    verificationKeyId: info.keyId,
    signatureAlgorithm: info.algorithm,
  });
}

function signatureAsMessage({ info, batchNum, batchSize, signature }: ArchiveSignature): OracleMessage {
  return withoutAbsent({ signatureInfo: infoAsMessage(info), batchNum, batchSize, signature });
}

function withoutAbsent(message: OracleMessage): OracleMessage {
  return Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null));
}
