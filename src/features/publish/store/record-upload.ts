// What is written beside the keys of an upload, in the same transaction: a receipt, statistics.

import type { UnixSeconds } from "../../../core/clock.ts";
import type { ExposureKey } from "../../../core/exposure-key.ts";
import { daysBetween, intervalNumber } from "../../../core/intervals.ts";
import type { Statement } from "../../../platform/database/statement.ts";
import type { UploadFacts } from "../../stats/stats-types.ts";
import type { PreparedUpload } from "../publish-types.ts";
import { insertReceipts, type Receipt } from "./receipt-queries.ts";
import type { StoreDeps } from "./store-deps.ts";

export interface StoredUpload {
  readonly upload: PreparedUpload;
  /** Those that this upload brought; never one that was there, which might be a stranger's. */
  readonly inserted: readonly ExposureKey[];
  readonly revised: number;
}

/** The statements for all uploads of a transaction at once. */
export function recordsOf({ stats }: Pick<StoreDeps, "stats">, stored: readonly StoredUpload[]): Statement[] {
  const receipts = stored.flatMap(receiptOf);
  return [...(receipts.length > 0 ? [insertReceipts(receipts)] : []), ...stats.counting(stored.flatMap(factsOf))];
}

function receiptOf({ upload, inserted }: StoredUpload): Receipt[] {
  if (upload.certificate === null || inserted.length === 0) return [];
  const keyData = Buffer.concat(inserted.map((key) => key.keyData));
  const { digest, expiresAt } = upload.certificate;
  return [{ certificateDigest: digest, expiresAt, keyData }];
}

/** Nothing is counted without an authority, and nothing for an upload that changed nothing. */
function factsOf({ upload, inserted, revised }: StoredUpload): UploadFacts[] {
  if (upload.certificate === null || inserted.length + revised === 0) return [];
  return [
    {
      authorityId: upload.certificate.authorityId,
      receivedAt: upload.now,
      platform: upload.platform,
      keyCount: inserted.length + revised,
      hasRevision: revised > 0,
      oldestKeyDays: ageInDays(Math.min(...upload.exposureKeys.map((key) => key.rollingStart)), upload.now),
      onsetDays: upload.onsetDays,
    },
  ];
}

function ageInDays(rollingStart: number, now: UnixSeconds): number {
  return daysBetween(rollingStart, intervalNumber(now));
}
