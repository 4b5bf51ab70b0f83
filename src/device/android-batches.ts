// Batch numbers and sizes over the files of one call (DB 2.5).

import type { PhoneExport } from "./read-export.ts";
import { refusal } from "./refusal.ts";
import type { AcceptedExport, RefusedArchive } from "./verifier.ts";

/** Flag `enableMultipleWholeBatchSignatureVerification`: true is "multiple", false, before version 1.5, "single". */
export type BatchMode = "multiple" | "single";

const MAX_BATCH_SIZE = 1_000_000;

/** Throws `batch_size_range` or `batch_number_range`. A number without a size means nothing and is accepted. */
export function checkBatchFields({ batchNum, batchSize }: PhoneExport): void {
  if (batchSize === null) return;
  if (batchSize > MAX_BATCH_SIZE) throw refusal("batch_size_range", `a batch of ${batchSize} files`);
  if (batchNum === null || batchNum < 1 || batchNum > batchSize) {
    throw refusal("batch_number_range", `batch number ${batchNum} of ${batchSize}`);
  }
}

/** The first file that does not fit the others of its call; null when the batches are whole. */
export function findBatchFault(exports: readonly AcceptedExport[], mode: BatchMode): RefusedArchive | null {
  const misfit = mode === "single" ? findMisfit(exports) : undefined;
  if (misfit !== undefined) return { name: misfit.name, reason: "batch_mixed" };
  const incomplete = findIncomplete(exports, mode === "single" ? () => "" : groupOf);
  return incomplete === undefined ? null : { name: incomplete.name, reason: "batch_incomplete" };
}

/** A file of another window than the first one, or a part that came already. */
function findMisfit(exports: readonly AcceptedExport[]): AcceptedExport | undefined {
  const [first] = exports;
  const parts = new Set<number | null>();
  return exports.find(({ start, end, batchNum, batchSize }) => {
    const isRepeated = batchSize !== null && parts.has(batchNum);
    parts.add(batchNum);
    return isRepeated || start !== first?.start || end !== first.end;
  });
}

/** A file whose batch lacks a part in this call. */
function findIncomplete(
  exports: readonly AcceptedExport[],
  batchOf: (content: PhoneExport) => string,
): AcceptedExport | undefined {
  const parts = new Map<string, Set<number>>();
  for (const content of exports) {
    const batch = batchOf(content);
    parts.set(batch, (parts.get(batch) ?? new Set()).add(content.batchNum ?? 1));
  }
  return exports.find(
    (content) => content.batchSize !== null && parts.get(batchOf(content))?.size !== content.batchSize,
  );
}

/** Files belong together when all their metadata except the number are equal. */
function groupOf({ start, end, region, batchSize, signatureInfos }: PhoneExport): string {
  const infos = signatureInfos.map((info) => [info.keyId, info.keyVersion, info.algorithm]);
  return JSON.stringify([String(start), String(end), region, batchSize, infos]);
}
