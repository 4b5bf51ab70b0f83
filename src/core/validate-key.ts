// Whether a well-formed key is of the right age and report type: for uploads and for imports.

import { HOUR, type UnixSeconds } from "./clock.ts";
import { type ExposureKey, type KeyRefusal, ReportType } from "./exposure-key.ts";
import { intervalNumber } from "./intervals.ts";
import { type KeyBatch, KeyBatchBuilder } from "./key-batch.ts";

/** MAX_INTERVAL_AGE_ON_PUBLISH (KS 3.6): 15 days. */
export const MAX_AGE_SECONDS = 360 * HOUR;
/** How far the clock of a source may be ahead. */
export const CLOCK_SKEW_SECONDS = 2 * HOUR;

/** An uploaded key has to end inside the last `maxAgeSeconds` and must have begun (KS 3.6). */
export function refusalOfUploadAge(
  validity: Pick<ExposureKey, "rollingStart" | "rollingPeriod">,
  now: UnixSeconds,
  maxAgeSeconds: number = MAX_AGE_SECONDS,
): "too_old" | "in_future" | null {
  if (validity.rollingStart + validity.rollingPeriod < intervalNumber(now - maxAgeSeconds)) return "too_old";
  if (validity.rollingStart > intervalNumber(now)) return "in_future";
  return null;
}

/** The list of an archive in which a key stands. */
export type KeyList = "primary" | "revised";

export interface ImportOptions {
  readonly maxAgeSeconds?: number;
  readonly clockSkewSeconds?: number;
}

// KS 7.5, but a self-report may become likely (KS 5.5), so that revision is let in. A revision that does not say to
// what it revises is none.
const ALLOWED_TYPES: Readonly<Record<KeyList, readonly (ReportType | null)[]>> = {
  primary: [null, ReportType.confirmed, ReportType.likely, ReportType.userReport],
  revised: [ReportType.confirmed, ReportType.likely, ReportType.revoked],
};

/**
 * The reason why an imported key is not taken, or null. Age is judged by the start of the key at the moment when its
 * archive was discovered, so that an outage expires nothing; the reference judges neither age nor future (KS 13.4 I12).
 */
export function refusalOfImport(
  imported: Pick<ExposureKey, "rollingStart" | "reportType">,
  list: KeyList,
  discoveredAt: UnixSeconds,
  now: UnixSeconds,
  options: ImportOptions = {},
): KeyRefusal | null {
  const { maxAgeSeconds = MAX_AGE_SECONDS, clockSkewSeconds = CLOCK_SKEW_SECONDS } = options;
  if (imported.rollingStart < intervalNumber(discoveredAt - maxAgeSeconds)) return "too_old";
  if (imported.rollingStart > intervalNumber(now + clockSkewSeconds)) return "in_future";
  if (!ALLOWED_TYPES[list].includes(imported.reportType)) return "report_type_not_allowed";
  return null;
}

export interface JudgedImport {
  /** In the order of the input. */
  readonly kept: KeyBatch;
  readonly refusedCounts: Readonly<Partial<Record<KeyRefusal, number>>>;
}

/** `refusalOfImport` for every key of one list of an archive. */
export function judgeImport(
  batch: KeyBatch,
  list: KeyList,
  discoveredAt: UnixSeconds,
  now: UnixSeconds,
  options: ImportOptions = {},
): JudgedImport {
  const refusedCounts: Partial<Record<KeyRefusal, number>> = {};
  const isRefused = new Uint8Array(batch.length);
  for (let index = 0; index < batch.length; index++) {
    const imported = { rollingStart: batch.rollingStart(index), reportType: batch.reportType(index) };
    const reason = refusalOfImport(imported, list, discoveredAt, now, options);
    if (reason === null) continue;
    refusedCounts[reason] = (refusedCounts[reason] ?? 0) + 1;
    isRefused[index] = 1;
  }
  return { kept: isRefused.includes(1) ? withoutRefused(batch, isRefused) : batch, refusedCounts };
}

function withoutRefused(batch: KeyBatch, isRefused: Uint8Array): KeyBatch {
  const kept = new KeyBatchBuilder();
  for (let index = 0; index < batch.length; index++) if (!isRefused[index]) kept.addRecord(batch.record(index));
  return kept.build();
}
