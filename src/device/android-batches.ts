// Batch numbers and sizes over the files of one call, with several whole batches allowed (DB 2.5, flag true).

import type { PhoneExport } from "./read-export.ts";
import { refusal } from "./refusal.ts";

const MAX_BATCH_SIZE = 1_000_000;

/** Throws `batch_size_range` or `batch_number_range`. A number without a size means nothing and is accepted. */
export function checkBatchFields({ batchNum, batchSize }: PhoneExport): void {
  if (batchSize === null) return;
  if (batchSize > MAX_BATCH_SIZE) throw refusal("batch_size_range", `a batch of ${batchSize} files`);
  if (batchNum === null || batchNum < 1 || batchNum > batchSize) {
    throw refusal("batch_number_range", `batch number ${batchNum} of ${batchSize}`);
  }
}

/** The position of the first file whose batch lacks a part in this call; -1 when every batch is whole. */
export function findIncompleteBatch(exports: readonly PhoneExport[]): number {
  const parts = new Map<string, Set<number>>();
  for (const content of exports) {
    const group = groupOf(content);
    parts.set(group, (parts.get(group) ?? new Set()).add(content.batchNum ?? 1));
  }
  return exports.findIndex(
    (content) => content.batchSize !== null && parts.get(groupOf(content))?.size !== content.batchSize,
  );
}

/** Files belong together when all their metadata except the number are equal. */
function groupOf({ start, end, region, batchSize, signatureInfos }: PhoneExport): string {
  const infos = signatureInfos.map((info) => [info.keyId, info.keyVersion, info.algorithm]);
  return JSON.stringify([String(start), String(end), region, batchSize, infos]);
}
