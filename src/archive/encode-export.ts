// Writes export.bin (KS 1.3, 1.5): header, window, signers, keys in the order in which they are handed in.

import type { UnixSeconds } from "../core/clock.ts";
import { KEY_LENGTH, MAX_ROLLING_PERIOD } from "../core/exposure-key.ts";
import { type KeyBatch, RECORD_LENGTH } from "../core/key-batch.ts";
import { runSteps, type Steps } from "../core/steps.ts";
import type { SignatureInfo } from "./archive-types.ts";
import { EXPORT_HEADER, ExportField, KeyField } from "./export-fields.ts";
import { encodeSignatureInfo } from "./signature-info.ts";
import { WireWriter } from "./wire-writer.ts";

export interface ExportInput {
  /** Included. */
  readonly start: UnixSeconds;
  /** Excluded. */
  readonly end: UnixSeconds;
  readonly region: string;
  readonly signatureInfos: readonly SignatureInfo[];
  readonly primaries: KeyBatch;
  readonly revised: KeyBatch;
}

const LARGEST_KEY_MESSAGE = 36;

/** The bytes of export.bin, always batch 1 of 1 (DB I13). Equal input gives equal bytes; what is null is left out. */
export function encodeExport(input: ExportInput): Uint8Array {
  return runSteps(encodeInSteps(input));
}

/** `encodeExport` in steps. */
export function* encodeInSteps(input: ExportInput): Steps<Uint8Array> {
  const writer = new WireWriter(1_024 + (input.primaries.length + input.revised.length) * LARGEST_KEY_MESSAGE);
  writer.raw(EXPORT_HEADER);
  writer.fixed64Field(ExportField.start, input.start);
  writer.fixed64Field(ExportField.end, input.end);
  writer.textField(ExportField.region, input.region);
  writer.varintField(ExportField.batchNum, 1);
  writer.varintField(ExportField.batchSize, 1);
  for (const info of input.signatureInfos) writer.bytesField(ExportField.signatureInfos, encodeSignatureInfo(info));
  yield* writeKeys(writer, ExportField.keys, input.primaries);
  yield* writeKeys(writer, ExportField.revisedKeys, input.revised);
  return writer.finish();
}

/** Keys that are written in one step. */
const WRITTEN_AT_ONCE = 50_000;

function* writeKeys(writer: WireWriter, field: number, batch: KeyBatch): Steps<void> {
  let index = 0;
  const body = () => writeKey(writer, batch, index);
  while (index < batch.length) {
    if (index > 0) yield;
    const end = Math.min(index + WRITTEN_AT_ONCE, batch.length);
    for (; index < end; index++) writer.shortMessage(field, body);
  }
}

/** A start of 0 and a period of 144 are what absence means to every reader, so they are left out. */
function writeKey(writer: WireWriter, batch: KeyBatch, index: number): void {
  const transmissionRisk = batch.transmissionRisk(index);
  const rollingStart = batch.rollingStart(index);
  const rollingPeriod = batch.rollingPeriod(index);
  const reportType = batch.reportType(index);
  const daysSinceOnset = batch.daysSinceOnset(index);
  writer.bytesField(KeyField.keyData, batch.bytes, index * RECORD_LENGTH, KEY_LENGTH);
  if (transmissionRisk !== null) writer.varintField(KeyField.transmissionRisk, transmissionRisk);
  if (rollingStart !== 0) writer.varintField(KeyField.rollingStart, rollingStart);
  if (rollingPeriod !== MAX_ROLLING_PERIOD) writer.varintField(KeyField.rollingPeriod, rollingPeriod);
  if (reportType !== null) writer.varintField(KeyField.reportType, reportType);
  if (daysSinceOnset !== null) writer.sint32Field(KeyField.daysSinceOnset, daysSinceOnset);
}
