// What a change would do, told before it is made: a route beside the change, with the same body and the same refusals.

import type { AdminRoute, ChangeRoute, PreviewRoute } from "./admin-route.ts";
import { previewSchema } from "./preview-schemas.ts";

/** The routes, each change that can be looked ahead at followed by its preview. */
export function withPreviews(routes: readonly AdminRoute[]): AdminRoute[] {
  return routes.flatMap((route) =>
    route.kind === "change" && route.preview !== undefined ? [route, previewRoute(route)] : [route],
  );
}

/** Answers the revision of the resource as ETag: with it as `If-Match` the change is made to what was looked at. */
function previewRoute(change: ChangeRoute): PreviewRoute {
  const { path, operationId, tag, role, codes, params, body } = change;
  return {
    kind: "preview",
    method: "POST",
    path: `${path}/preview`,
    operationId: `preview${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}`,
    tag,
    summary: `Tells what ${operationId} would do; changes nothing`,
    role,
    codes,
    params,
    body,
    answer: previewSchema,
    resource: (input) => change.resource(input),
    read: async (database, input) => change.preview?.(database, input),
  };
}
