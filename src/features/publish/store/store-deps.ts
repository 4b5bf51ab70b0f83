// What storing uploads needs of the other features.

import type { Database } from "../../../platform/database/database.ts";
import type { ExposuresFeature } from "../../exposures/feature.ts";
import type { StatsFeature } from "../../stats/feature.ts";
import type { VerificationFeature } from "../../verification/feature.ts";

export interface StoreDeps {
  readonly database: Database;
  readonly exposures: Pick<ExposuresFeature, "save" | "beginNew">;
  readonly verification: Pick<VerificationFeature, "recordUses" | "countingUses">;
  readonly stats: Pick<StatsFeature, "counting">;
  /** Goes only forward. */
  milliseconds(): number;
  /** An older key can be revised no more, so no token names it. */
  readonly maxAgeSeconds: number;
}
