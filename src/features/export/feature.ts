// Exports: windows of keys, planned and handed to a location strictly in order.

import { join } from "node:path";
import { MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { Job } from "../../platform/jobs/job.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { ExportSettings, WindowPart } from "./export-types.ts";
import type { ExportDeps } from "./export-window.ts";
import { createExport, endExport } from "./manage-configs.ts";
import { readExportTotals } from "./queries.ts";
import { type RunSettings, runExports } from "./run-exports.ts";

export const exportMigrations: MigrationSet = { name: "export", folder: join(import.meta.dirname, "migrations") };

export interface ExportFeature {
  create(settings: ExportSettings): Promise<void>;
  end(name: string, thru: UnixSeconds): Promise<void>;
  totals(name: string): Promise<WindowPart>;
  readonly jobs: readonly Job[];
}

export function createExportFeature(
  deps: ExportDeps & { readonly report: Report; readonly settings: RunSettings },
): ExportFeature {
  return {
    create: (settings) => createExport(deps.database, settings),
    end: (name, thru) => endExport(deps.database, name, thru),
    totals: (name) => readExportTotals(deps.database.db, name),
    jobs: [
      { name: "export", duty: "export", everySeconds: 5 * MINUTE, run: (now) => runExports(deps, deps.settings, now) },
    ],
  };
}
