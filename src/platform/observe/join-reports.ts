// One report for several receivers.

import type { Report } from "./report.ts";

export function joinReports(...reports: readonly Report[]): Report {
  return (event) => {
    for (const report of reports) report(event);
  };
}
