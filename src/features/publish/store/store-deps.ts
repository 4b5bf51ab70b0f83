// What storing uploads needs of the other features.

import type { Database, Db } from "../../../platform/database/database.ts";
import type { ExposuresFeature } from "../../exposures/feature.ts";
import type { StatsFeature } from "../../stats/feature.ts";
import type { VerificationFeature } from "../../verification/feature.ts";

export interface StoreDeps {
  readonly database: Database;
  readonly exposures: Pick<ExposuresFeature, "save" | "beginNew">;
  readonly verification: Pick<VerificationFeature, "recordUses" | "countingUses">;
  /** For each supplier that became one with another the number of that one. */
  readMergedSuppliers(tx: Db): Promise<ReadonlyMap<number, number>>;
  readonly stats: Pick<StatsFeature, "counting">;
  /** Goes only forward. */
  milliseconds(): number;
  /** An older key can be revised no more, so no token names it. */
  readonly maxAgeSeconds: number;
}
