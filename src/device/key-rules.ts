// Which keys of an accepted archive a platform takes, passes over, or stumbles on (DB 4.1, 4.2).

import {
  type ExposureKey,
  KEY_LENGTH,
  MAX_DAYS_SINCE_ONSET,
  MAX_ROLLING_PERIOD,
  MAX_TRANSMISSION_RISK,
  type ReportType,
  type UnjudgedKey,
} from "../core/exposure-key.ts";

/** The key as the platform keeps it; `passed_over`: it never matches; `abort`: the whole call fails. */
export type KeyVerdict = ExposureKey | "passed_over" | "abort";
export type JudgeKey = (key: UnjudgedKey) => KeyVerdict;

/**
 * DB 4.1. A real phone aborts only when it has a sighting of the key; the simulated one has sighted every key.
 * A key that is too short never matches; one that is too long may stop the decoder.
 */
export const judgeKeyAndroid: JudgeKey = (key) => {
  if (key.keyData.length > KEY_LENGTH) return "abort";
  const period = key.rollingPeriod ?? MAX_ROLLING_PERIOD;
  if (period < 1 || period > MAX_ROLLING_PERIOD || !hasPossibleValues(key)) return "abort";
  return key.keyData.length < KEY_LENGTH ? "passed_over" : asDelivered(key, period);
};

/** DB 3.1, 4.2: a period of 0 counts as 144; what is impossible is left out without a word. */
export const judgeKeyIos: JudgeKey = (key) => {
  const period = key.rollingPeriod === undefined || key.rollingPeriod === 0 ? MAX_ROLLING_PERIOD : key.rollingPeriod;
  if (key.keyData.length !== KEY_LENGTH || period < 0 || period > MAX_ROLLING_PERIOD) return "passed_over";
  return hasPossibleValues(key) ? asDelivered(key, period) : "passed_over";
};

function hasPossibleValues(key: UnjudgedKey): boolean {
  const risk = key.transmissionRisk ?? 0;
  const onset = Math.abs(key.daysSinceOnset ?? 0);
  return (key.rollingStart ?? 0) >= 0 && risk >= 0 && risk <= MAX_TRANSMISSION_RISK && onset <= MAX_DAYS_SINCE_ONSET;
}

/** Absent stays absent; a report type that the format does not know counts as absent, as proto2 has it. */
function asDelivered(key: UnjudgedKey, rollingPeriod: number): ExposureKey {
  return {
    keyData: key.keyData,
    rollingStart: key.rollingStart ?? 0,
    rollingPeriod,
    transmissionRisk: key.transmissionRisk ?? null,
    reportType: isReportType(key.reportType) ? key.reportType : null,
    daysSinceOnset: key.daysSinceOnset ?? null,
  };
}

function isReportType(value: number | undefined): value is ReportType {
  return value === 1 || value === 2 || value === 3 || value === 5;
}
