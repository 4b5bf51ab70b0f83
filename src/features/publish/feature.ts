// Uploads: what phones send becomes exposure keys, and every phone gets an answer.

import { join } from "node:path";
import { HOUR } from "../../core/clock.ts";
import type { Random } from "../../core/random.ts";
import type { Database, Db } from "../../platform/database/database.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { AdminRoute } from "../../platform/http/admin/admin-route.ts";
import type { PublicRoute } from "../../platform/http/public-route.ts";
import type { Job } from "../../platform/jobs/job.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { JudgedClock } from "../../platform/time/clock-trust.ts";
import type { ExposuresFeature } from "../exposures/feature.ts";
import type { RevisionFeature } from "../revision/feature.ts";
import type { StatsFeature } from "../stats/feature.ts";
import type { VerificationFeature } from "../verification/feature.ts";
import { appRoutes } from "./apps/admin-api.ts";
import { createAppDirectory } from "./apps/app-directory.ts";
import { createChaffProfile } from "./chaff/chaff-profile.ts";
import { publishRoutes } from "./publish-routes.ts";
import type { PublishSettings } from "./publish-types.ts";
import { createCommitQueue } from "./store/commit-queue.ts";
import { deleteReceiptsBefore } from "./store/receipt-queries.ts";
import { storeGroup } from "./store/store-group.ts";
import { LONGEST_WAIT_MILLISECONDS } from "./store/store-limits.ts";

export const publishMigrations: MigrationSet = { name: "publish", folder: join(import.meta.dirname, "migrations") };

export interface PublishFeature {
  readonly publicRoutes: readonly PublicRoute[];
  readonly routes: readonly AdminRoute[];
  readonly jobs: readonly Job[];
}

export interface PublishFeatureDeps {
  readonly database: Database;
  readonly exposures: Pick<ExposuresFeature, "save" | "beginNew">;
  readonly verification: VerificationFeature;
  readonly revision: RevisionFeature;
  readonly stats: StatsFeature;
  /** For each supplier that became one with another the number of that one. */
  readMergedSuppliers(tx: Db): Promise<ReadonlyMap<number, number>>;
  readonly random: Random;
  readonly clock: Pick<JudgedClock, "trust">;
  readonly report: Report;
  /** Goes only forward; for answers to chaff and for rates. */
  milliseconds(): number;
  wait(milliseconds: number): Promise<void>;
  readonly settings: PublishSettings;
}

/** Beyond the end of the certificate, for clocks that differ. */
const RECEIPT_KEPT_SECONDS = 2 * HOUR;

export function createPublishFeature(deps: PublishFeatureDeps): PublishFeature {
  const { database, random, settings } = deps;
  const patience = { milliseconds: () => deps.milliseconds(), longestWaitMilliseconds: LONGEST_WAIT_MILLISECONDS };
  const store = { ...deps, maxAgeSeconds: settings.limits.maxAgeSeconds };
  // The embedded database has one session.
  const groups = { maxGroup: 100, maxConcurrent: database.kind === "embedded" ? 1 : 2, minBeside: 20 };
  return {
    publicRoutes: publishRoutes({
      ...deps,
      apps: createAppDirectory(database),
      queue: createCommitQueue((uploads) => storeGroup(store, uploads), groups, patience),
      profile: createChaffProfile(random),
    }),
    routes: appRoutes(),
    jobs: [
      {
        name: "clean-up-receipts",
        duty: "clean-up",
        everySeconds: 4 * HOUR,
        needs: "destroying",
        run: async (now) => {
          const deleted = await deleteReceiptsBefore(database.db, now - RECEIPT_KEPT_SECONDS);
          deps.report({ event: "publish.receipts-cleaned-up", deleted });
        },
      },
    ],
  };
}
