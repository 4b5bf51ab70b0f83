// Uploads and stored keys for tests of what an upload may do with keys that are stored.

import { type ExposureKey, ReportType } from "../../src/core/exposure-key.ts";
import type { PreparedUpload } from "../../src/features/publish/publish-types.ts";
import type { StoredUploadKey } from "../../src/features/publish/store/judge-stored.ts";
import type { OpenedToken } from "../../src/features/revision/revision-types.ts";
import type { TokenEntry } from "../../src/features/revision/token-form.ts";

export const NOW = 1_795_000_000;
export const START = 2_991_600;

export function key(number: number, reportType: ReportType | null = ReportType.confirmed): ExposureKey {
  return {
    keyData: new Uint8Array(16).fill(number),
    rollingStart: START,
    rollingPeriod: 144,
    transmissionRisk: 2,
    reportType,
    daysSinceOnset: 0,
  };
}

export function stored(changes: Partial<StoredUploadKey> = {}): StoredUploadKey {
  const { rollingStart, rollingPeriod, transmissionRisk, daysSinceOnset } = key(0);
  const values = { transmissionRisk, daysSinceOnset, reportType: ReportType.likely };
  return {
    rollingStart,
    rollingPeriod,
    ...values,
    revision: null,
    originKind: "upload",
    owners: [],
    isPublished: true,
    ...changes,
  };
}

export function entry(number: number, supplierId: number | null = null): TokenEntry {
  return { ...key(number), supplierId };
}

export function token(numbers: readonly number[], supplierId: number | null = null): OpenedToken {
  return { entries: numbers.map((number) => entry(number, supplierId)) };
}

export function upload(exposureKeys: readonly ExposureKey[], changes: Partial<PreparedUpload> = {}): PreparedUpload {
  return {
    regions: ["US"],
    traveler: false,
    now: NOW,
    exposureKeys,
    certificate: null,
    token: null,
    tokenState: changes.token ? "opened" : "absent",
    needsToken: true,
    platform: "unknown",
    onsetDays: null,
    seal: () => "",
    ...changes,
  };
}

export const nothing = new Set<string>();
export const NONE = { repeated: 0, kept: 0, withdrawnUnknown: 0, doubled: 0 };
export const hex = (number: number) => new Uint8Array(16).fill(number).toHex();
export const at = (number: number, existing: StoredUploadKey) => new Map([[hex(number), existing]]);
