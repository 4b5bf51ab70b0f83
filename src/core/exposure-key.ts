// The temporary exposure key with its five metadata values, and the limits of each (KS 1.5, 3.6; DB 4.1).

/** Numbers of the export format (KS 1.5). RECURSIVE (4) is not supported by anybody. */
export const ReportType = {
  confirmed: 1,
  likely: 2,
  userReport: 3,
  revoked: 5,
} as const;
export type ReportType = (typeof ReportType)[keyof typeof ReportType];

export interface ExposureKey {
  /** The 16 key bytes. */
  readonly keyData: Uint8Array;
  /** Number of the ten-minute interval in which the key begins. */
  readonly rollingStart: number;
  /** How many intervals it lasts: 1 to 144. */
  readonly rollingPeriod: number;
  /** 0 to 8; null where the source did not say. */
  readonly transmissionRisk: number | null;
  /** null where the source did not say (absent or UNKNOWN). */
  readonly reportType: ReportType | null;
  /** -14 to 14; null where the source did not say. */
  readonly daysSinceOnset: number | null;
}

export const KEY_LENGTH = 16;
export const MAX_ROLLING_PERIOD = 144;
export const MAX_TRANSMISSION_RISK = 8;
export const MAX_DAYS_SINCE_ONSET = 14;

/** Why one key was refused; its neighbours are not affected. */
export type KeyRefusal =
  | "key_length"
  | "rolling_start_missing"
  | "rolling_start_range"
  | "rolling_period_range"
  | "transmission_risk_range"
  | "report_type_unknown"
  | "onset_range"
  | "too_old"
  | "in_future"
  | "report_type_not_allowed";

/** The values of a key as they were received, before anybody judged them; undefined means absent. */
export interface UnjudgedKey {
  readonly keyData: Uint8Array;
  readonly rollingStart: number | undefined;
  readonly rollingPeriod: number | undefined;
  readonly transmissionRisk: number | undefined;
  readonly reportType: number | undefined;
  readonly daysSinceOnset: number | undefined;
}

const LARGEST_INT32 = 0x7fff_ffff;

/**
 * The reason why no device would take this key, or null when its values are well formed.
 * Judges form only; age and origin are judged elsewhere. An absent period means 144 (KS 1.5).
 */
export function refusalOfForm(key: UnjudgedKey): KeyRefusal | null {
  if (key.keyData.length !== KEY_LENGTH) return "key_length";
  if (key.rollingStart === undefined) return "rolling_start_missing";
  if (!between(key.rollingStart, 0, LARGEST_INT32)) return "rolling_start_range";
  if (!between(key.rollingPeriod ?? MAX_ROLLING_PERIOD, 1, MAX_ROLLING_PERIOD)) return "rolling_period_range";
  if (!between(key.transmissionRisk ?? 0, 0, MAX_TRANSMISSION_RISK)) return "transmission_risk_range";
  if (!isKnownReportType(key.reportType)) return "report_type_unknown";
  if (!between(key.daysSinceOnset ?? 0, -MAX_DAYS_SINCE_ONSET, MAX_DAYS_SINCE_ONSET)) return "onset_range";
  return null;
}

function between(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

function isKnownReportType(value: number | undefined): boolean {
  return value === undefined || value === 0 || value === 1 || value === 2 || value === 3 || value === 5;
}
