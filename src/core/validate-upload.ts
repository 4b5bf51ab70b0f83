// Judges a whole upload: each key by itself, then all that are left together (KS 3.6-3.8).

import type { UnixSeconds } from "./clock.ts";
import {
  type ExposureKey,
  type KeyRefusal,
  MAX_ROLLING_PERIOD,
  type ReportType,
  refusalOfForm,
  type UnjudgedKey,
} from "./exposure-key.ts";
import { daysSinceOnset } from "./symptom-onset.ts";
import { riskOfUpload } from "./transmission-risk.ts";
import { MAX_AGE_SECONDS, refusalOfUploadAge } from "./validate-key.ts";

/** A key as the phone sent it; report type and onset are statements about the whole upload. */
export type UploadedKey = Pick<UnjudgedKey, "keyData" | "rollingStart" | "rollingPeriod" | "transmissionRisk">;

export interface Upload {
  /** In the order of the request, to which every index of the verdict refers. */
  readonly exposureKeys: readonly UploadedKey[];
  /** From the certificate; null without one. */
  readonly reportType: ReportType | null;
  /** Interval number from `chooseOnset`. */
  readonly onsetInterval: number;
}

export interface UploadLimits {
  readonly maxExposureKeys: number;
  readonly maxSameStart: number;
  readonly maxAgeSeconds: number;
}

/** Settings of KS 3.6. */
export const DEFAULT_UPLOAD_LIMITS: UploadLimits = {
  maxExposureKeys: 30,
  maxSameStart: 3,
  maxAgeSeconds: MAX_AGE_SECONDS,
};

/** Why nothing of an upload is taken. */
export type UploadRefusal = "no_keys" | "too_many_keys" | "keys_overlap" | "too_many_keys_with_same_start";

export interface KeptKey {
  readonly index: number;
  readonly exposureKey: ExposureKey;
}

export interface RefusedUploadKey {
  readonly index: number;
  readonly reason: KeyRefusal;
}

/** Every key of a judged upload is in exactly one list; nothing kept is for the caller to answer. */
export type UploadVerdict =
  | { readonly kind: "refused"; readonly code: UploadRefusal }
  | { readonly kind: "judged"; readonly kept: readonly KeptKey[]; readonly refused: readonly RefusedUploadKey[] };

/** Takes an upload received at `now`. Equal key bytes within it are left to the one who saves. */
export function validateUpload(
  upload: Upload,
  now: UnixSeconds,
  limits: UploadLimits = DEFAULT_UPLOAD_LIMITS,
): UploadVerdict {
  if (upload.exposureKeys.length === 0) return { kind: "refused", code: "no_keys" };
  if (upload.exposureKeys.length > limits.maxExposureKeys) return { kind: "refused", code: "too_many_keys" };

  const kept: KeptKey[] = [];
  const refused: RefusedUploadKey[] = [];
  for (const [index, uploaded] of upload.exposureKeys.entries()) {
    const judged = judgeUploadedKey(uploaded, upload, now, limits);
    if (typeof judged === "string") refused.push({ index, reason: judged });
    else kept.push({ index, exposureKey: judged });
  }

  const code = refusalOfCombination(kept, limits.maxSameStart);
  return code === null ? { kind: "judged", kept, refused } : { kind: "refused", code };
}

function judgeUploadedKey(
  uploaded: UploadedKey,
  upload: Upload,
  now: UnixSeconds,
  limits: UploadLimits,
): ExposureKey | KeyRefusal {
  const { keyData, rollingStart, rollingPeriod = MAX_ROLLING_PERIOD, transmissionRisk } = uploaded;
  const form = refusalOfForm({
    keyData,
    rollingStart,
    rollingPeriod,
    transmissionRisk,
    reportType: upload.reportType ?? undefined,
    daysSinceOnset: undefined,
  });
  if (form !== null) return form;
  if (rollingStart === undefined) return "rolling_start_missing"; // Judged above; tells the compiler.
  const age = refusalOfUploadAge({ rollingStart, rollingPeriod }, now, limits.maxAgeSeconds);
  if (age !== null) return age;
  const onset = daysSinceOnset(upload.onsetInterval, rollingStart);
  if (onset === "onset_range") return onset;
  return {
    keyData,
    rollingStart,
    rollingPeriod,
    transmissionRisk: riskOfUpload(transmissionRisk ?? null, upload.reportType),
    reportType: upload.reportType,
    daysSinceOnset: onset,
  };
}

// Keys with one start may overlap each other; the next start must not lie before the end of the longest of them.
function refusalOfCombination(kept: readonly KeptKey[], maxSameStart: number): UploadRefusal | null {
  const byStart = Map.groupBy(kept, ({ exposureKey }) => exposureKey.rollingStart);
  let previousEnd = 0;
  for (const [start, group] of [...byStart].toSorted(([left], [right]) => left - right)) {
    if (start < previousEnd) return "keys_overlap";
    if (group.length > maxSameStart) return "too_many_keys_with_same_start";
    previousEnd = start + Math.max(...group.map(({ exposureKey }) => exposureKey.rollingPeriod));
  }
  return null;
}
