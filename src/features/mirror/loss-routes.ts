// The routes that show what a mirror's source withdrew, and accept it.

import { type AdminRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import { nameParams, nothing } from "../../platform/http/admin/admin-schemas.ts";
import type { RoutesDeps } from "../upstreams/route-words.ts";
import { acceptLosses } from "./accept-losses.ts";
import { readOpenLosses } from "./loss-queries.ts";
import { acceptanceSchema, lossesSchema, MOST_SHOWN, newAcceptanceSchema, toLossesBody } from "./loss-schemas.ts";
import { requireMirror } from "./require-mirror.ts";
import { lookAtMirror } from "./show-mirror.ts";

const words = { tag: "mirrors", path: "/v1/mirrors/{name}/losses", params: nameParams } as const;

export const showLosses = readRoute({
  ...words,
  operationId: "showMirrorLosses",
  summary: "What the source has withdrawn before its time, and is not accepted as lost yet",
  role: "auditor",
  query: nothing,
  answer: lossesSchema,
  codes: ["mirror_unknown"],
  read: async ({ db }, { params: { name } }) => {
    return toLossesBody(await readOpenLosses(db, (await requireMirror(db, name)).id, MOST_SHOWN));
  },
});

export function acceptRoute({ report }: RoutesDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    operationId: "acceptMirrorLosses",
    summary: "Goes on although the source has withdrawn archives",
    description:
      "A mirror does not believe an index that lost lines which cannot have expired. Accepted is exactly what was shown. " +
      "What was published of it stays.",
    role: "operator",
    body: newAcceptanceSchema,
    answer: acceptanceSchema,
    status: 201,
    codes: ["mirror_unknown", "mirror_loss_missing", "mirror_loss_conflict"],
    resource: ({ params }) => ({ kind: "mirror", name: params.name }),
    look: ({ db }, { params, now }) => lookAtMirror(db, params.name, now),
    change: async ({ db }, { params: { name }, body, principal, now }) => {
      const accepted = await acceptLosses(db, name, body, { by: principal, now });
      report({ event: "mirror.loss-accepted", level: "warn", mirror: name, archives: accepted, reason: body.reason });
      return { accepted };
    },
  });
}
