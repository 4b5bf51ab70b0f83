// The routes of health authorities and of the keys under which they sign.

import { isoTime, isoTimeOrNull } from "../../core/clock.ts";
import type { Database, Db } from "../../platform/database/database.ts";
import { type AdminRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import {
  nameParams,
  nothing,
  PAGE_DEFAULT,
  pageQuery,
  parseInstant,
  parseInstantOrNull,
} from "../../platform/http/admin/admin-schemas.ts";
import {
  type AuthorityBody,
  type AuthorityKeyBody,
  authorityChangeSchema,
  authorityKeyChangeSchema,
  authorityKeyParams,
  authorityKeySchema,
  authorityPageSchema,
  authoritySchema,
  newAuthorityKeySchema,
  newAuthoritySchema,
} from "./admin-schemas.ts";
import type { ChangeDeps } from "./change-authorities.ts";
import { changeAuthority, createAuthority, findAuthority } from "./manage-authorities.ts";
import { addAuthorityKey, endAuthorityKey } from "./manage-keys.ts";
import { readAuthorities, readAuthority, readAuthorityKeys } from "./queries.ts";
import type { Authority, AuthorityKey } from "./verification-types.ts";

export function authorityRoutes(deps: ChangeDeps): AdminRoute[] {
  return [listRoute, showRoute, createRoute(deps), changeSettingsRoute(deps), addKeyRoute(deps), endKeyRoute(deps)];
}

const words = { tag: "authorities" } as const;
const resourceOf = (name: string) => ({ kind: "authority", name });

const listRoute = readRoute({
  ...words,
  path: "/v1/authorities",
  operationId: "listAuthorities",
  summary: "All health authorities, by name",
  role: "auditor",
  params: nothing,
  query: pageQuery,
  answer: authorityPageSchema,
  codes: [],
  read: async ({ db }, { query: { limit = PAGE_DEFAULT, after = "" } }) => {
    const found = await readAuthorities(db, after, limit + 1);
    const page = found.slice(0, limit);
    return {
      items: await Promise.all(page.map((authority) => show(db, authority))),
      next: found.length > limit ? (page.at(-1)?.name ?? null) : null,
    };
  },
});

const showRoute = readRoute({
  ...words,
  path: "/v1/authorities/{name}",
  operationId: "showAuthority",
  summary: "One health authority, its keys, and how the last look at its JWKS ended",
  role: "auditor",
  params: nameParams,
  query: nothing,
  answer: authoritySchema,
  codes: ["authority_unknown"],
  resource: ({ params }) => resourceOf(params.name),
  read: async ({ db }, { params }) => show(db, await findAuthority(db, params.name)),
});

function createRoute(deps: ChangeDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/authorities",
    operationId: "createAuthority",
    summary: "Takes certificates of a health authority, once it has a key",
    role: "administrator",
    params: nothing,
    body: newAuthoritySchema,
    answer: authoritySchema,
    status: 201,
    codes: ["authority_exists", "authority_issuer_exists", "authority_invalid"],
    resource: ({ body }) => resourceOf(body.name),
    look: (database, { body }) => look(database, body.name),
    change: async (database, { body }) => {
      const defaults = { jwksUrl: null, allowPrivateAddresses: false, statsEnabled: true };
      return show(database.db, await createAuthority({ ...deps, database }, { ...defaults, ...body }));
    },
  });
}

function changeSettingsRoute(deps: ChangeDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "PATCH",
    path: "/v1/authorities/{name}",
    operationId: "changeAuthority",
    summary: "Changes an authority, effective at once",
    description: "Without its URL the keys that a JWKS brought stay as they are.",
    role: "administrator",
    params: nameParams,
    body: authorityChangeSchema,
    answer: authoritySchema,
    status: 200,
    codes: ["authority_unknown", "authority_issuer_exists", "authority_invalid"],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params }) => look(database, params.name),
    change: async (database, { params, body }) =>
      show(database.db, await changeAuthority({ ...deps, database }, params.name, body)),
  });
}

function addKeyRoute(deps: ChangeDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/authorities/{name}/keys",
    operationId: "addAuthorityKey",
    summary: "Trusts a key of the authority; no JWKS will touch it",
    role: "administrator",
    params: nameParams,
    body: newAuthorityKeySchema,
    answer: authorityKeySchema,
    status: 201,
    codes: ["authority_unknown", "authority_key_exists", "authority_key_invalid", "public_key_invalid"],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params }) => look(database, params.name),
    change: async (database, { params, body: { version, publicKeyPem, from, until = null }, now }) => {
      const times = { from: from === undefined ? now : parseInstant(from), until: parseInstantOrNull(until) };
      const entered = { version, publicKeyPem, ...times };
      return keyBody(await addAuthorityKey({ ...deps, database }, params.name, entered));
    },
  });
}

function endKeyRoute(deps: ChangeDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "PATCH",
    path: "/v1/authorities/{name}/keys/{version}",
    operationId: "endAuthorityKey",
    summary: "Revokes a key, or reinstates it, effective at once",
    description: "An end is meant for every key of the version that would be valid for longer, null for the latest.",
    role: "administrator",
    params: authorityKeyParams,
    body: authorityKeyChangeSchema,
    answer: authorityKeySchema,
    status: 200,
    codes: ["authority_unknown", "authority_key_unknown"],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params }) => look(database, params.name),
    change: async (database, { params: { name, version }, body: { until } }) =>
      keyBody(await endAuthorityKey({ ...deps, database }, name, version, parseInstantOrNull(until))),
  });
}

async function look({ db }: Database, name: string): Promise<AuthorityBody | null> {
  const authority = await readAuthority(db, name);
  return authority === undefined ? null : show(db, authority);
}

async function show(db: Db, authority: Authority): Promise<AuthorityBody> {
  return {
    name: authority.name,
    iss: authority.iss,
    aud: authority.aud,
    jwksUrl: authority.jwksUrl,
    allowPrivateAddresses: authority.allowPrivateAddresses,
    statsEnabled: authority.statsEnabled,
    jwksCheckedAt: isoTimeOrNull(authority.jwksCheckedAt),
    jwksSucceededAt: isoTimeOrNull(authority.jwksSucceededAt),
    jwksError: authority.jwksError,
    keys: (await readAuthorityKeys(db, authority.id)).map(keyBody),
  };
}

function keyBody({ version, publicKeyPem, origin, from, until, untilSetBy }: AuthorityKey): AuthorityKeyBody {
  return { version, publicKeyPem, origin, from: isoTime(from), until: isoTimeOrNull(until), untilSetBy };
}
