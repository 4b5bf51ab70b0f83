// Exports: windows of keys, planned and handed to a location strictly in order.

import { join } from "node:path";
import { MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { Database, Db } from "../../platform/database/database.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { AdminRoute } from "../../platform/http/admin/admin-route.ts";
import type { Job } from "../../platform/jobs/job.ts";
import { jobBySubject } from "../../platform/jobs/job-by-subject.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { AheadTables } from "../../platform/time/ahead-tables.ts";
import type { LocationsFeature } from "../locations/feature.ts";
import { exportRoutes } from "./admin-api.ts";
import type { ExportBody } from "./admin-schemas.ts";
import { exportAheadTables } from "./ahead-queries.ts";
import { type ExportCoverage, readCoverage } from "./coverage.ts";
import {
  DEFAULT_RECORD_LIMITS,
  type ExportSettings,
  type RecordLimits,
  type RunSettings,
  type WindowPart,
} from "./export-types.ts";
import type { ExportDeps } from "./hand-over-part.ts";
import { createExport, endExport } from "./manage-configs.ts";
import { readConfig, readConfigs } from "./queries.ts";
import { eachExportGroup } from "./run-export-group.ts";
import { readTotals, showExports } from "./show-export.ts";
import { type ExportStatus, readExportStatuses } from "./status.ts";

export const exportMigrations: MigrationSet = { name: "export", folder: join(import.meta.dirname, "migrations") };

export interface ExportFeature {
  create(settings: ExportSettings): Promise<void>;
  end(name: string, thru: UnixSeconds): Promise<void>;
  /** What it has exported in all; nothing where there is none of this name. */
  totals(name: string): Promise<WindowPart>;
  /** All exports as operators see them, by name. */
  overviews(database: Database, now: UnixSeconds): Promise<ExportBody[]>;
  /** As the server's status has them, by name. */
  status(database: Database, now: UnixSeconds): Promise<ExportStatus[]>;
  /** Which keys each takes, by name. */
  coverage(db: Db): Promise<ExportCoverage[]>;
  /** What a clock that was ahead has written. */
  readonly ahead: AheadTables;
  readonly routes: readonly AdminRoute[];
  readonly jobs: readonly Job[];
}

export interface ExportFeatureDeps extends ExportDeps {
  readonly locations: Pick<LocationsFeature, "append" | "publish" | "require">;
  readonly report: Report;
  readonly settings: RunSettings;
  /** Of new exports that do not say otherwise; by default those of KS 11.5. */
  readonly recordLimits?: RecordLimits;
}

export function createExportFeature(deps: ExportFeatureDeps): ExportFeature {
  const { settings, recordLimits = DEFAULT_RECORD_LIMITS } = deps;
  return {
    create: (wanted) => createExport(deps.database, wanted),
    end: (name, thru) => endExport(deps.database, name, thru),
    totals: async (name) => readTotals(deps.database.db, await readConfig(deps.database.db, name)),
    overviews: async ({ db }, now) => showExports(db, settings, await readConfigs(db), now),
    status: ({ db }, now) => readExportStatuses(db, settings, now),
    coverage: (db) => readCoverage(db, settings),
    ahead: exportAheadTables(settings),
    routes: exportRoutes({ locations: deps.locations, settings, recordLimits }),
    jobs: [
      jobBySubject({
        name: "export",
        duty: "export",
        everySeconds: 5 * MINUTE,
        needs: "closing",
        ...eachExportGroup(deps, settings),
      }),
    ],
  };
}
