// Exposure keys of every origin: saving, changing, reading for exports, forgetting.

import { join } from "node:path";
import { HOUR, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { KeyBatch } from "../../core/key-batch.ts";
import type { Random } from "../../core/random.ts";
import type { Database, Db, StatementLimits } from "../../platform/database/database.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { AdminRoute } from "../../platform/http/admin/admin-route.ts";
import type { Job } from "../../platform/jobs/job.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { AheadTables } from "../../platform/time/ahead-tables.ts";
import { exposureRoutes } from "./admin-api.ts";
import { exposureAheadTables } from "./ahead-queries.ts";
import { cleanUpKeys } from "./clean-up.ts";
import type { SaveRequest, SaveResult } from "./exposure-types.ts";
import { reviseTestKeys } from "./generate-test-keys.ts";
import { countReleases, type ReleaseCount } from "./release-queries.ts";
import type { SaveSettings } from "./save-context.ts";
import { saveKeys } from "./save-keys.ts";
import { beginNewKeys, type NewKeySave } from "./save-new-keys.ts";
import { type KeyTotals, readKeyTotals } from "./total-queries.ts";
import { trySave } from "./try-save.ts";

export const exposuresMigrations: MigrationSet = { name: "exposures", folder: join(import.meta.dirname, "migrations") };

export interface ExposuresFeature {
  readonly settings: SaveSettings;
  /** Saves inside the caller's transaction. */
  save(tx: Db, request: SaveRequest): Promise<SaveResult>;
  /** Begins the short way to save keys that are new, inside the caller's transaction; looks for the candidates first. */
  beginNew(tx: Db, candidates: KeyBatch): Promise<NewKeySave>;
  /** How many keys there are, by origin; from a sample where there are very many. */
  totals(database: Database): Promise<KeyTotals>;
  /** Keys that were uploaded, imported or federated, by when they are released, from `from` on. */
  countReleases(db: Db, from: UnixSeconds): Promise<ReleaseCount[]>;
  /** Saves a key and undoes it; rejects as an upload would. */
  trySave(now: UnixSeconds, limits: StatementLimits): Promise<void>;
  /** What a clock that was ahead has written. */
  readonly ahead: AheadTables;
  readonly routes: readonly AdminRoute[];
  readonly jobs: readonly Job[];
}

export function createExposuresFeature(deps: {
  readonly database: Database;
  readonly report: Report;
  readonly random: Random;
  readonly settings: SaveSettings;
  /** Whether keys may be made up on request; by default not. */
  readonly allowGeneratedKeys?: boolean;
}): ExposuresFeature {
  const cleanUp: Job = {
    name: "clean-up-exposures",
    duty: "clean-up",
    everySeconds: 4 * HOUR,
    needs: "destroying",
    run: async (now) => {
      const deleted = await cleanUpKeys(deps.database, now);
      deps.report({ event: "exposures.cleaned-up", deleted });
    },
  };
  const reviseGenerated: Job = {
    name: "revise-test-keys",
    duty: "clean-up",
    everySeconds: 5 * MINUTE,
    needs: "closing",
    run: async (now) => {
      const revised = await reviseTestKeys(deps, now);
      if (revised > 0) deps.report({ event: "exposures.test-keys-revised", revised });
    },
  };
  return {
    settings: deps.settings,
    save: (tx, request) => saveKeys(tx, request, deps.settings),
    beginNew: (tx, candidates) => beginNewKeys(tx, candidates, deps.settings),
    trySave: (now, limits) => trySave(deps, now, limits),
    countReleases,
    totals: (database) => readKeyTotals(database.db),
    ahead: exposureAheadTables(deps.settings),
    routes: exposureRoutes({ allowGeneratedKeys: false, ...deps }),
    jobs: [cleanUp, reviseGenerated],
  };
}
