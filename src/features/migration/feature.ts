// Guided migrations: plan, evidence, states and journal of this server's own part.

import { join } from "node:path";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { AdminRoute } from "../../platform/http/admin/admin-route.ts";
import type { AheadTables } from "../../platform/time/ahead-tables.ts";
import { migrationRoutes } from "./admin-api.ts";
import { migrationAheadTables } from "./ahead-queries.ts";

export const migrationMigrations: MigrationSet = { name: "migration", folder: join(import.meta.dirname, "migrations") };

export interface MigrationFeature {
  readonly routes: readonly AdminRoute[];
  readonly ahead: AheadTables;
}

export function createMigrationFeature(): MigrationFeature {
  return { routes: migrationRoutes, ahead: migrationAheadTables };
}
