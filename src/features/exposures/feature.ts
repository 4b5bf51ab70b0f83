// Exposure keys of every origin: saving, changing, reading for exports, forgetting.

import { join } from "node:path";
import { HOUR } from "../../core/clock.ts";
import type { Database, Db } from "../../platform/database/database.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { Job } from "../../platform/jobs/job.ts";
import type { Report } from "../../platform/observe/report.ts";
import { cleanUpKeys } from "./clean-up.ts";
import type { SaveRequest, SaveResult } from "./exposure-types.ts";
import { type SaveSettings, saveKeys } from "./save-keys.ts";

export const exposuresMigrations: MigrationSet = { name: "exposures", folder: join(import.meta.dirname, "migrations") };

export interface ExposuresFeature {
  readonly settings: SaveSettings;
  /** Saves inside the caller's transaction. */
  save(tx: Db, request: SaveRequest): Promise<SaveResult>;
  readonly jobs: readonly Job[];
}

export function createExposuresFeature(deps: {
  readonly database: Database;
  readonly report: Report;
  readonly settings: SaveSettings;
}): ExposuresFeature {
  const cleanUp: Job = {
    name: "clean-up-exposures",
    duty: "clean-up",
    everySeconds: 4 * HOUR,
    run: async (now) => {
      const deleted = await cleanUpKeys(deps.database, now);
      deps.report({ event: "exposures.cleaned-up", deleted });
    },
  };
  return {
    settings: deps.settings,
    save: (tx, request) => saveKeys(tx, request, deps.settings),
    jobs: [cleanUp],
  };
}
