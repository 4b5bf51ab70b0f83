// The header and the field numbers of export.bin (KS 1.3, 1.5).

/** The 16 bytes that begin every export.bin. */
export const EXPORT_HEADER: Uint8Array = new TextEncoder().encode("EK Export v1    ");

export const ExportField = {
  start: 1,
  end: 2,
  region: 3,
  batchNum: 4,
  batchSize: 5,
  signatureInfos: 6,
  keys: 7,
  revisedKeys: 8,
} as const;

export const KeyField = {
  keyData: 1,
  transmissionRisk: 2,
  rollingStart: 3,
  rollingPeriod: 4,
  reportType: 5,
  daysSinceOnset: 6,
} as const;
