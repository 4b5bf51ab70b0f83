// An admin server over real HTTP with given routes and a principal of each role, for tests of the admin API.

import type { Clock } from "../../src/core/clock.ts";
import {
  type AdministrationFeature,
  administrationMigrations,
  createAdministrationFeature,
} from "../../src/features/administration/feature.ts";
import type { Database } from "../../src/platform/database/database.ts";
import type { AdminRole, AdminRoute } from "../../src/platform/http/admin/admin-route.ts";
import { type AdminServerOptions, startAdminServer } from "../../src/platform/http/admin/admin-server.ts";
import type { ReportedEvent } from "../../src/platform/observe/report.ts";
import { cryptoRandom } from "../../src/platform/random/crypto-random.ts";
import { createVirtualClock } from "../../src/platform/time/virtual-clock.ts";
import { type AdminClient, createAdminClient } from "./admin-client.ts";

export { administrationMigrations };

export interface AdminWorldOptions extends Partial<Omit<AdminServerOptions, "routes" | "database" | "guard">> {
  /** Has the tables of `administrationMigrations` and of whatever the routes use. */
  readonly database: Database;
  /** Besides those of the administration itself. */
  readonly routes: readonly AdminRoute[];
  /** A virtual clock at 2026-11-24T10:00:00Z unless given. */
  readonly clock?: Clock;
  readonly auditKeptSeconds?: number | null;
}

export interface AdminWorld {
  readonly url: string;
  readonly administration: AdministrationFeature;
  readonly administrator: AdminClient;
  readonly operator: AdminClient;
  readonly auditor: AdminClient;
  /** Everything that was reported so far. */
  readonly reported: readonly ReportedEvent[];
  /** Makes a principal and answers a client with its token. */
  clientOf(name: string, role: AdminRole): Promise<AdminClient>;
  close(): Promise<void>;
}

export const WORLD_START = 1_795_514_400;

/** To be closed before the database is: call `close` at the end of the test. */
export async function startAdminWorld(options: AdminWorldOptions): Promise<AdminWorld> {
  const { database, auditKeptSeconds = null, routes, ...server } = options;
  const reported: ReportedEvent[] = [];
  const parts = {
    clock: createVirtualClock(WORLD_START),
    random: cryptoRandom,
    report: (event: ReportedEvent) => void reported.push(event),
    ...server,
  };
  const administration = createAdministrationFeature({ ...parts, database, settings: { auditKeptSeconds } });
  const listener = await startAdminServer({
    host: "127.0.0.1",
    port: 0,
    version: "0.0.0",
    health: { live: async () => [], ready: async () => [] },
    metrics: async () => "",
    closeTimeoutMilliseconds: 1_000,
    ...parts,
    database,
    guard: administration.guard,
    routes: [...administration.routes, ...routes],
  });
  const { url } = listener;
  const clientOf = async (name: string, role: AdminRole) => {
    const { token } = await administration.createPrincipal({ name, role, expiresAt: null }, "test");
    return createAdminClient(url, token);
  };
  return {
    url,
    administration,
    administrator: await clientOf("ada", "administrator"),
    operator: await clientOf("olaf", "operator"),
    auditor: await clientOf("aude", "auditor"),
    reported,
    clientOf,
    close: () => listener.close(),
  };
}
