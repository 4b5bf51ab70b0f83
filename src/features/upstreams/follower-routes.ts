// The routes that sources and mirrors have alike.

import { isoTimeOrNull } from "../../core/clock.ts";
import { type AdminRoute, changeRoute } from "../../platform/http/admin/admin-route.ts";
import { nothing } from "../../platform/http/admin/admin-schemas.ts";
import type { Follower, FollowerKind } from "./follower-kind.ts";
import { removeFollower } from "./remove-follower.ts";
import { type RoutesDeps, wordsOf } from "./route-words.ts";
import { skipRoutes } from "./skip-routes.ts";
import { removedSchema } from "./skip-schemas.ts";
import { type TrustDeps, trustRoutes } from "./trust-routes.ts";

export function followerRoutes<One extends Follower>(deps: TrustDeps, kind: FollowerKind<One>): AdminRoute[] {
  return [...trustRoutes(deps, kind), ...skipRoutes(deps, kind), removeRoute(deps, kind)];
}

function removeRoute<One extends Follower>({ report }: RoutesDeps, kind: FollowerKind<One>): AdminRoute {
  const { tag, path, Noun, unknown, ...about } = wordsOf(kind);
  return changeRoute({
    ...about,
    tag,
    method: "DELETE",
    path,
    operationId: `remove${Noun}`,
    summary: `Removes a ${kind.noun} that has ended, or that never took anything`,
    description: "What it brought stays as it is. The audit log keeps its settings.",
    role: "administrator",
    body: nothing,
    answer: removedSchema,
    status: 200,
    codes: [unknown, "upstream_not_ended", "upstream_busy"],
    change: async ({ db }, { params: { name }, principal, now }) => {
      const { endedAt } = await removeFollower(db, kind, name, { by: principal, now });
      report({ event: "upstream.removed", level: "warn", [kind.noun]: name });
      return { name, endedAt: isoTimeOrNull(endedAt) };
    },
  });
}
