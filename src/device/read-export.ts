// Reads export.bin as phones do: fields in any order, unknown ones skipped, no judgement of times or region (DB 2.2, 3.2).

import type { SignatureInfo } from "../archive/archive-types.ts";
import type { UnjudgedKey } from "../core/exposure-key.ts";
import { type KeyBatch, KeyBatchBuilder } from "../core/key-batch.ts";
import type { JudgeKey } from "./key-rules.ts";
import { readSignatureInfo } from "./read-signature-list.ts";
import { refusal } from "./refusal.ts";
import { WireReader } from "./wire-reader.ts";

export interface PhoneExport {
  readonly start: bigint;
  readonly end: bigint;
  readonly region: string;
  readonly batchNum: number | null;
  readonly batchSize: number | null;
  readonly signatureInfos: readonly SignatureInfo[];
  readonly primaries: KeyBatch;
  readonly revised: KeyBatch;
  /** A key in it makes the call fail (DB 4.1). */
  readonly aborts: boolean;
}

const HEADER = "EK Export v1    ";

/** Throws `header_unknown` or `export_damaged`. */
export function readExport(exportBin: Uint8Array, judgeKey: JudgeKey): PhoneExport {
  const header = new TextDecoder("latin1").decode(exportBin.subarray(0, HEADER.length));
  if (header !== HEADER) throw refusal("header_unknown", "export.bin does not begin with the known header");
  try {
    return readMessage(exportBin.subarray(HEADER.length), judgeKey);
  } catch (error) {
    throw refusal("export_damaged", `export.bin is damaged: ${String(error)}`);
  }
}

// Field numbers: KS 1.5.
function readMessage(message: Uint8Array, judgeKey: JudgeKey): PhoneExport {
  let start = 0n;
  let end = 0n;
  let region = "";
  let batchNum: number | null = null;
  let batchSize: number | null = null;
  let aborts = false;
  const signatureInfos: SignatureInfo[] = [];
  const primaries = new KeyBatchBuilder();
  const revised = new KeyBatchBuilder();

  const take = (list: KeyBatchBuilder, span: Uint8Array): void => {
    const verdict = judgeKey(readKey(span));
    if (verdict === "abort") aborts = true;
    else if (verdict !== "passed_over") list.add(verdict);
  };

  const fields = new WireReader(message);
  while (fields.next()) {
    if (fields.field === 1) start = fields.fixed64();
    else if (fields.field === 2) end = fields.fixed64();
    else if (fields.field === 3) region = fields.text();
    else if (fields.field === 4) batchNum = fields.int32();
    else if (fields.field === 5) batchSize = fields.int32();
    else if (fields.field === 6) signatureInfos.push(readSignatureInfo(fields.span()));
    else if (fields.field === 7) take(primaries, fields.span());
    else if (fields.field === 8) take(revised, fields.span());
    else fields.skip();
  }
  const keys = { primaries: primaries.build(), revised: revised.build(), aborts };
  return { start, end, region, batchNum, batchSize, signatureInfos, ...keys };
}

function readKey(span: Uint8Array): UnjudgedKey {
  let keyData: Uint8Array = new Uint8Array(0);
  let transmissionRisk: number | undefined;
  let rollingStart: number | undefined;
  let rollingPeriod: number | undefined;
  let reportType: number | undefined;
  let daysSinceOnset: number | undefined;
  const fields = new WireReader(span);
  while (fields.next()) {
    if (fields.field === 1) keyData = fields.span();
    else if (fields.field === 2) transmissionRisk = fields.int32();
    else if (fields.field === 3) rollingStart = fields.int32();
    else if (fields.field === 4) rollingPeriod = fields.int32();
    else if (fields.field === 5) reportType = fields.int32();
    else if (fields.field === 6) daysSinceOnset = fields.sint32();
    else fields.skip();
  }
  return { keyData, transmissionRisk, rollingStart, rollingPeriod, reportType, daysSinceOnset };
}
