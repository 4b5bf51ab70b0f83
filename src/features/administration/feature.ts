// The administration: principals with tokens and roles, guarded changes, and the log of them.

import { join } from "node:path";
import { type Clock, DAY, isoTime } from "../../core/clock.ts";
import type { Random } from "../../core/random.ts";
import type { Database } from "../../platform/database/database.ts";
import type { MigrationSet } from "../../platform/database/migrate.ts";
import type { AdminGuard } from "../../platform/http/admin/admin-guard.ts";
import type { AdminRoute } from "../../platform/http/admin/admin-route.ts";
import type { Job } from "../../platform/jobs/job.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { AheadTables } from "../../platform/time/ahead-tables.ts";
import { administrationRoutes, createPrincipalRoute } from "./admin-api.ts";
import type { NewPrincipalBody, PrincipalWithTokenBody } from "./admin-schemas.ts";
import type { NewPrincipal } from "./administration-types.ts";
import { administrationAheadTables } from "./ahead-queries.ts";
import { cleanUpAudit } from "./clean-up-audit.ts";
import { createGuard } from "./guard.ts";

export const administrationMigrations: MigrationSet = {
  name: "administration",
  folder: join(import.meta.dirname, "migrations"),
};

export interface AdministrationDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly report: Report;
  readonly settings: {
    /** How long entries of the audit log are kept; null: for ever. */
    readonly auditKeptSeconds: number | null;
  };
}

export interface AdministrationFeature {
  readonly guard: AdminGuard;
  /** What a clock that was ahead has written. */
  readonly ahead: AheadTables;
  readonly routes: readonly AdminRoute[];
  /**
   * Makes a principal without a server, as the route does it, audit record included. `by` is who the record names.
   * Throws `principal_exists` and `principal_invalid`.
   */
  createPrincipal(wanted: NewPrincipal, by: string): Promise<PrincipalWithTokenBody>;
  readonly jobs: readonly Job[];
}

export function createAdministrationFeature(deps: AdministrationDeps): AdministrationFeature {
  const { clock, settings } = deps;
  const guard = createGuard(deps.database);
  const creation = createPrincipalRoute(deps);
  const { auditKeptSeconds } = settings;
  const cleanUp = (keptSeconds: number): Job => ({
    name: "clean-up-audit",
    duty: "clean-up",
    everySeconds: DAY,
    needs: "destroying",
    run: (now) => cleanUpAudit(deps, keptSeconds, now),
  });
  return {
    guard,
    ahead: administrationAheadTables,
    routes: administrationRoutes(deps),
    async createPrincipal({ name, role, expiresAt }, by) {
      const body: NewPrincipalBody = { name, role, expiresAt: expiresAt === null ? null : isoTime(expiresAt) };
      const input = { params: {}, query: {}, body, principal: by, now: clock.now() };
      const { answer } = await guard.carryOut(creation, input, null);
      // The route's answer, as its schema has it.
      return answer as PrincipalWithTokenBody;
    },
    jobs: auditKeptSeconds === null ? [] : [cleanUp(auditKeptSeconds)],
  };
}
