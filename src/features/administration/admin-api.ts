// The administration's own routes.

import { isoTime, isoTimeOrNull } from "../../core/clock.ts";
import { type AdminRoute, type ChangeRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import {
  nameParams,
  nothing,
  PAGE_DEFAULT,
  pageQuery,
  parseInstantOrNull,
} from "../../platform/http/admin/admin-schemas.ts";
import {
  auditPageSchema,
  auditQuerySchema,
  newPrincipalSchema,
  newTokenSchema,
  type PrincipalBody,
  type PrincipalWithTokenBody,
  principalPageSchema,
  principalSchema,
  principalWithTokenSchema,
} from "./admin-schemas.ts";
import type { PrincipalRecord } from "./administration-types.ts";
import {
  createPrincipal,
  findPrincipal,
  type PrincipalDeps,
  type PrincipalWithToken,
  renewToken,
  revokePrincipal,
} from "./manage-principals.ts";
import { readPrincipal, readPrincipals } from "./queries.ts";
import { readAuditPage } from "./read-audit-page.ts";

type Deps = Pick<PrincipalDeps, "random">;

export function administrationRoutes(deps: Deps): AdminRoute[] {
  return [listPrincipals, showPrincipal, createPrincipalRoute(deps), revokeRoute, renewTokenRoute(deps), listAudit];
}

const words = { tag: "principals" } as const;
const resourceOf = (name: string) => ({ kind: "principal", name });

const listPrincipals = readRoute({
  ...words,
  path: "/v1/principals",
  operationId: "listPrincipals",
  summary: "All principals, by name",
  role: "auditor",
  params: nothing,
  query: pageQuery,
  answer: principalPageSchema,
  codes: [],
  read: async (database, { query: { limit = PAGE_DEFAULT, after = "" } }) => {
    const found = await readPrincipals(database.db, after, limit + 1);
    const items = found.slice(0, limit).map(toBody);
    return { items, next: found.length > limit ? (items.at(-1)?.name ?? null) : null };
  },
});

const showPrincipal = readRoute({
  ...words,
  path: "/v1/principals/{name}",
  operationId: "showPrincipal",
  summary: "One principal",
  role: "auditor",
  params: nameParams,
  query: nothing,
  answer: principalSchema,
  codes: ["principal_unknown"],
  resource: ({ params }) => resourceOf(params.name),
  read: async (database, { params }) => toBody(await findPrincipal(database.db, params.name)),
});

/** Also for the first administrator, whom no server makes. */
export function createPrincipalRoute({ random }: Deps): ChangeRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/principals",
    operationId: "createPrincipal",
    summary: "Makes a principal and shows its token, this once",
    role: "administrator",
    params: nothing,
    body: newPrincipalSchema,
    answer: principalWithTokenSchema,
    status: 201,
    codes: ["principal_exists", "principal_invalid"],
    resource: ({ body }) => resourceOf(body.name),
    look: (database, { body }) => lookAt(database.db, body.name),
    change: async (database, { body, now }) => {
      const wanted = { name: body.name, role: body.role, expiresAt: parseInstantOrNull(body.expiresAt ?? null) };
      return withToken(await createPrincipal({ database, random }, wanted, now));
    },
  });
}

const revokeRoute = changeRoute({
  ...words,
  method: "POST",
  path: "/v1/principals/{name}/revocation",
  operationId: "revokePrincipal",
  summary: "Ends a principal for ever; its name stays taken",
  role: "administrator",
  params: nameParams,
  body: nothing,
  answer: principalSchema,
  status: 200,
  codes: ["principal_unknown", "principal_revoked", "administrator_needed"],
  resource: ({ params }) => resourceOf(params.name),
  look: (database, { params }) => lookAt(database.db, params.name),
  change: async (database, { params, now }) => toBody(await revokePrincipal(database, params.name, now)),
});

function renewTokenRoute({ random }: Deps): ChangeRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/principals/{name}/tokens",
    operationId: "renewToken",
    summary: "Gives a principal a new token and shows it, this once; the one before ends",
    role: "administrator",
    params: nameParams,
    body: newTokenSchema,
    answer: principalWithTokenSchema,
    status: 201,
    codes: ["principal_unknown", "principal_revoked", "principal_invalid"],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params }) => lookAt(database.db, params.name),
    change: async (database, { params, body, now }) => {
      const expiresAt = parseInstantOrNull(body.expiresAt ?? null);
      return withToken(await renewToken({ database, random }, params.name, expiresAt, now));
    },
  });
}

const listAudit = readRoute({
  tag: "audit",
  path: "/v1/audit",
  operationId: "listAudit",
  summary: "Attempts at changes, the newest first",
  role: "auditor",
  params: nothing,
  query: auditQuerySchema,
  answer: auditPageSchema,
  codes: [],
  read: (database, { query }) => readAuditPage(database.db, query),
});

async function lookAt(db: Parameters<typeof readPrincipal>[0], name: string): Promise<PrincipalBody | null> {
  const found = await readPrincipal(db, name);
  return found === undefined ? null : toBody(found);
}

function withToken({ principal, token }: PrincipalWithToken): PrincipalWithTokenBody {
  return { principal: toBody(principal), token };
}

function toBody({ name, role, createdAt, expiresAt, revokedAt, lastUsedAt }: PrincipalRecord): PrincipalBody {
  return {
    name,
    role,
    createdAt: isoTime(createdAt),
    expiresAt: isoTimeOrNull(expiresAt),
    revokedAt: isoTimeOrNull(revokedAt),
    lastUsedAt: isoTimeOrNull(lastUsedAt),
  };
}
