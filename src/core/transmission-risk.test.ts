// Tests of the transmission risk of an upload (KS 3.8).

import { expect, test } from "vitest";
import { ReportType } from "./exposure-key.ts";
import { riskOfUpload } from "./transmission-risk.ts";

test.each([
  { sent: null, reportType: null, risk: null },
  { sent: 0, reportType: null, risk: 0 },
  { sent: 7, reportType: null, risk: 7 },
  { sent: null, reportType: ReportType.confirmed, risk: 2 },
  { sent: 0, reportType: ReportType.confirmed, risk: 2 },
  { sent: 0, reportType: ReportType.likely, risk: 4 },
  { sent: 0, reportType: ReportType.userReport, risk: 5 },
  { sent: 0, reportType: ReportType.revoked, risk: 6 },
  { sent: 1, reportType: ReportType.confirmed, risk: 1 },
  { sent: 8, reportType: ReportType.revoked, risk: 8 },
])("sent $sent with report type $reportType is stored as $risk", ({ sent, reportType, risk }) => {
  expect(riskOfUpload(sent, reportType)).toBe(risk);
});
