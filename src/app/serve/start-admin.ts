// The admin API of a process.

import type { Config } from "../../platform/config/config.ts";
import { type AdminServer, startAdminServer } from "../../platform/http/admin/admin-server.ts";
import type { AdminHealth } from "../../platform/http/admin/server-routes.ts";
import type { AnswerObserver } from "../../platform/http/observe-answers.ts";
import { clockRoutes } from "../clock/clock-routes.ts";
import { jobRoutes } from "../job-routes.ts";
import type { StatusDeps } from "../status/read-status.ts";
import { statusRoutes } from "../status/status-routes.ts";
import type { Core, Inside } from "./open-core.ts";

export interface AdminSurroundings extends Inside {
  readonly health: AdminHealth;
  readonly metrics: () => Promise<string>;
  readonly observers: readonly AnswerObserver[];
  readonly version: string;
  readonly closeTimeoutMilliseconds: number;
  readonly maxConnections: number;
}

export function startAdmin(
  config: Config,
  { server, runner }: Core,
  status: StatusDeps,
  surroundings: AdminSurroundings,
): Promise<AdminServer> {
  const { clock } = surroundings;
  return startAdminServer({
    ...config.adminListener,
    ...surroundings,
    database: server.database,
    guard: server.administration.guard,
    routes: [...server.routes, ...jobRoutes(runner), ...statusRoutes(status), ...clockRoutes({ ...server, clock })],
  });
}
