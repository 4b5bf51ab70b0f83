// The Android verifiers: which archives a provide call accepts, lenient and strict about foreign signatures (DB 2).

import { type BatchMode, checkBatchFields, findBatchFault } from "./android-batches.ts";
import { checkSignatures, type UnmatchedSignatures } from "./android-signatures.ts";
import { judgeKeyAndroid } from "./key-rules.ts";
import type { PhoneTools } from "./phone-tools.ts";
import { type PhoneExport, readExport } from "./read-export.ts";
import { readSignatureList } from "./read-signature-list.ts";
import { readZipStream } from "./read-zip-stream.ts";
import { refusal } from "./refusal.ts";
import { type CosignSet, judgeEach, type OfferedFile, type Verifier } from "./verifier.ts";

/** The published default of `ignoreUnmatchedSignatures`. */
export const androidLenient = createAndroidVerifier("android_lenient", "skipped", "multiple");
export const androidStrict = createAndroidVerifier("android_strict", "fail_alternative", "multiple");
/** Before version 1.5 of the system a call takes one batch only (DB 2.5, second column). */
export const androidSingleBatch = createAndroidVerifier("android_single_batch", "skipped", "single");

function createAndroidVerifier(kind: string, unmatched: UnmatchedSignatures, batches: BatchMode): Verifier {
  return {
    kind,
    trusts: "alternatives",
    judgeCall(files, alternatives, tools) {
      const verdict = judgeEach(files, (file) => readVerified(file, alternatives, unmatched, tools));
      if (verdict.outcome === "refused") return verdict;
      const fault = findBatchFault(verdict.exports, batches);
      if (fault !== null) return { outcome: "refused", refused: fault };
      // Matching comes after every file was verified; one impossible key ends it (DB 4.1).
      const aborting = verdict.exports.find((content) => content.aborts);
      if (aborting === undefined) return verdict;
      return { outcome: "refused", refused: { name: aborting.name, reason: "key_values" } };
    },
  };
}

function readVerified(
  file: OfferedFile,
  alternatives: readonly CosignSet[],
  unmatched: UnmatchedSignatures,
  tools: PhoneTools,
): PhoneExport {
  const { exportBin, exportSig } = readTwoEntries(file.bytes, tools);
  const signatures = readSignatureList(exportSig);
  checkSignatures({ exportBin, signatures, alternatives, unmatched }, tools);
  const content = readExport(exportBin, judgeKeyAndroid);
  checkBatchFields(content);
  // Only the count is compared (DB 2.4, 6).
  if (content.signatureInfos.length !== signatures.length) {
    throw refusal("info_count", "the infos in export.bin are not as many as the signatures");
  }
  return content;
}

/** Exactly export.bin and export.sig, each once, in either order (DB 2.1). */
function readTwoEntries(bytes: Uint8Array, tools: PhoneTools): { exportBin: Uint8Array; exportSig: Uint8Array } {
  const entries = readZipStream(bytes, tools);
  const exportBin = entries.find((entry) => entry.name === "export.bin")?.content;
  const exportSig = entries.find((entry) => entry.name === "export.sig")?.content;
  if (entries.length !== 2 || exportBin === undefined || exportSig === undefined) {
    throw refusal("zip_entries", "the zip does not hold exactly export.bin and export.sig");
  }
  return { exportBin, exportSig };
}
