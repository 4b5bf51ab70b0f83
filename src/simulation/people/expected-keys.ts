// What has to become of the keys that a person uploads, worked out apart from the servers (KS 3.7, 3.8).

import { DAY, type UnixSeconds } from "../../core/clock.ts";
import { type ExposureKey, ReportType } from "../../core/exposure-key.ts";
import { INTERVAL, INTERVALS_PER_DAY } from "../../core/intervals.ts";
import type { ReportTypeName } from "../../core/report-type.ts";
import type { Person } from "./people.ts";

/** The report type that is exported, and the risk where the phone states none. */
const BY_NAME: Readonly<Record<ReportTypeName, { readonly reportType: ReportType; readonly risk: number }>> = {
  confirmed: { reportType: ReportType.confirmed, risk: 2 },
  likely: { reportType: ReportType.likely, risk: 4 },
  "user-report": { reportType: ReportType.userReport, risk: 5 },
  negative: { reportType: ReportType.revoked, risk: 6 },
};

/** Where nobody says when symptoms began. */
const ASSUMED_DAYS_AGO = 4;

export function expectedKeys(
  { keys, onset }: Pick<Person, "keys" | "onset">,
  named: ReportTypeName,
  uploadedAt: UnixSeconds,
): ExposureKey[] {
  const { reportType, risk } = BY_NAME[named];
  const onsetDay =
    onset === null ? Math.floor(uploadedAt / DAY) - ASSUMED_DAYS_AGO : Math.floor((onset.interval * INTERVAL) / DAY);
  return keys.map(({ keyData, rollingStart, rollingPeriod, transmissionRisk }) => ({
    keyData,
    rollingStart,
    rollingPeriod,
    transmissionRisk: transmissionRisk || risk,
    reportType,
    daysSinceOnset: Math.floor(rollingStart / INTERVALS_PER_DAY) - onsetDay,
  }));
}
