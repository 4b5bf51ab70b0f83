// The route of the whole server's status.

import { type AdminRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import { nothing } from "../../platform/http/admin/admin-schemas.ts";
import { readStatus, type StatusDeps } from "./read-status.ts";
import { statusSchema } from "./status-schemas.ts";

export function statusRoutes(deps: StatusDeps): AdminRoute[] {
  return [
    readRoute({
      path: "/v1/status",
      operationId: "showStatus",
      tag: "status",
      summary: "How the whole server is doing: each part, judged, and what flows where",
      role: "auditor",
      params: nothing,
      query: nothing,
      answer: statusSchema,
      codes: [],
      read: (database, { now }) => readStatus(deps, database, now),
    }),
  ];
}
