// Reads an archive for the judges of a world with the code of phones, leaving no key out.

import { type KeyBatch, RECORD_LENGTH } from "../../core/key-batch.ts";
import { judgeKeyAndroid } from "../../device/key-rules.ts";
import { nodePhoneTools } from "../../device/node-phone-tools.ts";
import { readExport } from "../../device/read-export.ts";
import { readSignatureList } from "../../device/read-signature-list.ts";
import { readZipStream } from "../../device/read-zip-stream.ts";
import { refusalCodeOf } from "../../device/refusal.ts";
import type { ArchiveContent } from "./observed-archive.ts";

/** null where some phone can make nothing of it: damaged, an entry missing, or a key that no phone may be given (DB 4.1). */
export function readObservedContent(bytes: Uint8Array): ArchiveContent | null {
  try {
    const entries = readZipStream(bytes, nodePhoneTools);
    const exportBin = entries.find(({ name }) => name === "export.bin")?.content;
    const exportSig = entries.find(({ name }) => name === "export.sig")?.content;
    if (exportBin === undefined || exportSig === undefined) return null;
    return readContent(exportBin, exportSig);
  } catch (error) {
    if (refusalCodeOf(error) === undefined) throw error;
    return null;
  }
}

function readContent(exportBin: Uint8Array, exportSig: Uint8Array): ArchiveContent | null {
  const content = readExport(exportBin, (key) => {
    const verdict = judgeKeyAndroid(key);
    return verdict === "passed_over" ? "abort" : verdict;
  });
  if (content.aborts) return null;
  const { start, end, region, batchNum, batchSize } = content;
  return {
    start,
    end,
    region,
    batchNum,
    batchSize,
    infos: content.signatureInfos,
    signatures: readSignatureList(exportSig).map(({ info }) => info),
    primaries: recordsOf(content.primaries),
    revised: recordsOf(content.revised),
  };
}

function recordsOf(batch: KeyBatch): string[] {
  const hex = batch.bytes.toHex();
  return Array.from({ length: batch.length }, (_, index) =>
    hex.slice(index * RECORD_LENGTH * 2, (index + 1) * RECORD_LENGTH * 2),
  );
}
