// The routes that say whose archives a source or a mirror believes; both have them alike.

import type { ArchiveTools } from "../../archive/archive-types.ts";
import { type AdminRoute, changeRoute } from "../../platform/http/admin/admin-route.ts";
import { parseInstantOrNull } from "../../platform/http/admin/admin-schemas.ts";
import type { Follower, FollowerKind } from "./follower-kind.ts";
import { type RoutesDeps, wordsOf } from "./route-words.ts";
import { changeTrust, trust } from "./trust-follower.ts";
import {
  newTrustedKeySchema,
  toNewTrustedKey,
  toTrustedKeyBody,
  trustedKeyChangeSchema,
  trustedKeyParams,
  trustedKeySchema,
} from "./trusted-key-schemas.ts";

export interface TrustDeps extends RoutesDeps {
  readonly archiveTools: ArchiveTools;
}

export function trustRoutes<One extends Follower>(deps: TrustDeps, kind: FollowerKind<One>): AdminRoute[] {
  return [trustRoute(deps, kind), changeTrustRoute(deps, kind)];
}

function trustRoute<One extends Follower>(deps: TrustDeps, kind: FollowerKind<One>): AdminRoute {
  const { tag, path, Noun, unknown, ...about } = wordsOf(kind);
  return changeRoute({
    ...about,
    tag,
    method: "POST",
    path: `${path}/trusted-keys`,
    operationId: `add${Noun}TrustedKey`,
    summary: "Believes the signatures of a public key; what was refused for want of it is tried again",
    role: "administrator",
    body: newTrustedKeySchema,
    answer: trustedKeySchema,
    status: 201,
    codes: [unknown, "public_key_invalid", "trusted_key_exists"],
    change: async ({ db }, { params: { name }, body, now }) =>
      toTrustedKeyBody(await trust(deps, db, kind, name, toNewTrustedKey(body), now)),
  });
}

function changeTrustRoute<One extends Follower>(deps: TrustDeps, kind: FollowerKind<One>): AdminRoute {
  const { tag, path, Noun, unknown, ...about } = wordsOf(kind);
  return changeRoute({
    ...about,
    tag,
    method: "PATCH",
    path: `${path}/trusted-keys/{id}`,
    operationId: `change${Noun}TrustedKey`,
    summary: "Ends the trust in one public key, or gives it back",
    role: "administrator",
    params: trustedKeyParams,
    body: trustedKeyChangeSchema,
    answer: trustedKeySchema,
    status: 200,
    codes: [unknown, "trusted_key_unknown", "trusted_key_exists"],
    change: async ({ db }, { params: { name, id }, body, now }) =>
      toTrustedKeyBody(await changeTrust(deps, db, kind, name, id, parseInstantOrNull(body.until), now)),
  });
}
