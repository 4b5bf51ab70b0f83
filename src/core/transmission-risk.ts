// The transmission risk of an uploaded key (KS 3.8). Never for imports: what another server left unsaid stays unsaid.

import { ReportType } from "./exposure-key.ts";

// The reference gives self-reports 0 although it defines 5 for them (KS 13.1 P10).
const RISK_BY_TYPE: Readonly<Record<ReportType, number>> = {
  [ReportType.confirmed]: 2,
  [ReportType.likely]: 4,
  [ReportType.userReport]: 5,
  [ReportType.revoked]: 6,
};

/**
 * The risk to store, 0 to 8: what the phone sent unless it sent nothing or 0 and the certificate names a report type.
 * null where neither says anything.
 */
export function riskOfUpload(sent: number | null, reportType: ReportType | null): number | null {
  if (reportType === null) return sent;
  return sent || RISK_BY_TYPE[reportType];
}
