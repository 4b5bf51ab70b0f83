// The routes of sources: adding, changing, trusting and watching them, and retrying what they listed.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import { type AdminRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import {
  cutPage,
  nameParams,
  nothing,
  PAGE_DEFAULT,
  pageQuery,
  parseInstant,
  parseInstantOrNull,
} from "../../platform/http/admin/admin-schemas.ts";
import { followerRoutes } from "../upstreams/follower-routes.ts";
import { giveUp } from "../upstreams/give-up.ts";
import { newGiveUpSchema } from "../upstreams/life-schemas.ts";
import { trust } from "../upstreams/trust-follower.ts";
import { toNewTrustedKey } from "../upstreams/trusted-key-schemas.ts";
import {
  type FILE_STATES,
  filePageSchema,
  fileQuery,
  newRetrySchema,
  newSourceSchema,
  retrySchema,
  type SourceBody,
  sourceChangeSchema,
  sourcePageSchema,
  sourceSchema,
} from "./admin-schemas.ts";
import { reportSourceEnded } from "./events.ts";
import type { ImportDeps } from "./import-types.ts";
import { retryArchives } from "./reopen-archives.ts";
import { lookAtSource, lookForAudit, toFileBody, toSourceBody } from "./show-source.ts";
import { sourceKind } from "./source-kind.ts";
import { addSource } from "./sources/add-source.ts";
import { changeSource } from "./sources/change-source.ts";
import { findSource, sourceUnknown } from "./sources/find-source.ts";
import type { ArchiveState } from "./state-machine.ts";
import { readSourceOverviews } from "./status.ts";
import { readFilePage, sumKeys } from "./status-queries.ts";

export function sourceRoutes(deps: ImportDeps): AdminRoute[] {
  return [
    listSources,
    showSource,
    listFiles,
    createRoute(deps),
    changeSettingsRoute(deps),
    retryRoute(deps),
    giveUpRoute(deps),
    ...followerRoutes(deps, sourceKind),
  ];
}

const words = { tag: "sources" } as const;
const resourceOf = (name: string) => ({ kind: "source", name });

const listSources = readRoute({
  ...words,
  path: "/v1/sources",
  operationId: "listSources",
  summary: "All sources, by name",
  role: "auditor",
  params: nothing,
  query: pageQuery,
  answer: sourcePageSchema,
  codes: [],
  read: async ({ db }, { query, now }) => {
    const { items, next } = cutPage(await readSourceOverviews(db, null, now), query, ({ source }) => source.name);
    const sums = await sumKeys(db, null);
    return { items: items.map((one) => toSourceBody(one, sums, now)), next };
  },
});

const showSource = readRoute({
  ...words,
  path: "/v1/sources/{name}",
  operationId: "showSource",
  summary: "One source: its settings, whom it trusts, how fresh it is, what waits and what was refused",
  role: "auditor",
  params: nameParams,
  query: nothing,
  answer: sourceSchema,
  codes: ["source_unknown"],
  resource: ({ params }) => resourceOf(params.name),
  read: (database, { params, now }) => show(database, params.name, now),
});

const STATES: Readonly<Record<(typeof FILE_STATES)[number], readonly ArchiveState[]>> = {
  all: ["open", "leased", "retry", "complete", "quarantined", "skipped"],
  waiting: ["open", "leased", "retry"],
  complete: ["complete"],
  quarantined: ["quarantined"],
  skipped: ["skipped"],
};

const listFiles = readRoute({
  ...words,
  path: "/v1/sources/{name}/files",
  operationId: "listSourceFiles",
  summary: "The archives that a source listed and what became of each, the last discovered first",
  role: "auditor",
  params: nameParams,
  query: fileQuery,
  answer: filePageSchema,
  codes: ["source_unknown"],
  read: async ({ db }, { params, query: { state = "all", limit = PAGE_DEFAULT, after } }) => {
    const { id } = await findSource(db, params.name);
    const before = after === undefined ? null : Number(after);
    const found = await readFilePage(db, id, STATES[state], before, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(toFileBody), next: found.length > limit && last ? String(last.id) : null };
  },
});

function createRoute(deps: ImportDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/sources",
    operationId: "createSource",
    summary: "Adds a source; nothing of it is accepted until a key is trusted, which an administrator may say at once",
    role: "operator",
    params: nothing,
    body: newSourceSchema,
    answer: sourceSchema,
    status: 201,
    codes: ["source_exists", "source_invalid", "public_key_invalid", "trusted_key_exists"],
    roleFor: ({ body: { trustedKeys = [], allowPrivateAddresses = false } }) =>
      trustedKeys.length > 0 || allowPrivateAddresses ? "administrator" : "operator",
    resource: ({ body }) => resourceOf(body.name),
    look: (database, { body, now }) => lookForAudit(database, body.name, now),
    change: async (database, { body, now }) => {
      const { from, until = null, trustedKeys = [], ...settings } = body;
      const times = { from: from === undefined ? now : parseInstant(from), until: parseInstantOrNull(until) };
      await addSource({ ...deps, database }, { ...settings, ...times });
      for (const trusted of trustedKeys) {
        await trust(deps, database.db, sourceKind, body.name, toNewTrustedKey(trusted), now);
      }
      return show(database, body.name, now);
    },
  });
}

function changeSettingsRoute(deps: ImportDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "PATCH",
    path: "/v1/sources/{name}",
    operationId: "changeSource",
    summary: "Changes a source, or lets it end",
    description:
      "At another place all is asked for anew. What is complete stays so unless its bytes differ there; what waits or was " +
      "quarantined is tried there at once. Once ended, only what was discovered before is imported.",
    role: "operator",
    params: nameParams,
    body: sourceChangeSchema,
    answer: sourceSchema,
    status: 200,
    codes: ["source_unknown", "source_invalid"],
    roleFor: ({ body }) => (body.allowPrivateAddresses === true ? "administrator" : "operator"),
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params, now }) => lookForAudit(database, params.name, now),
    change: async (database, { params, body: { from, until, ...settings }, now }) => {
      const times = {
        ...(from === undefined ? {} : { from: parseInstant(from) }),
        ...(until === undefined ? {} : { until: parseInstantOrNull(until) }),
      };
      await changeSource({ ...deps, database }, params.name, { ...settings, ...times });
      return show(database, params.name, now);
    },
  });
}

function retryRoute(deps: ImportDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/sources/{name}/retries",
    operationId: "retrySourceFiles",
    summary: "Gives archives that are quarantined or wait another chance",
    role: "operator",
    params: nameParams,
    body: newRetrySchema,
    answer: retrySchema,
    status: 200,
    codes: ["source_unknown"],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params, now }) => lookForAudit(database, params.name, now),
    change: async (database, { params, body: { line }, now }) => {
      const source = await findSource(database.db, params.name);
      return { reopened: await retryArchives({ ...deps, database }, source, now, line) };
    },
  });
}

function giveUpRoute(deps: ImportDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/sources/{name}/give-ups",
    operationId: "giveUpSource",
    summary: "Ends a source that is ending although something of it is left",
    description: "Archives that wait or are quarantined are imported no more; the record says why.",
    role: "administrator",
    params: nameParams,
    body: newGiveUpSchema,
    answer: sourceSchema,
    status: 201,
    codes: ["source_unknown", "upstream_not_ending"],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params, now }) => lookForAudit(database, params.name, now),
    change: async (database, { params, body: { reason }, now }) => {
      const source = await findSource(database.db, params.name);
      await giveUp(database.db, source, reason, now);
      reportSourceEnded(deps.report, source, reason);
      return show(database, params.name, now);
    },
  });
}

async function show(database: Database, name: string, now: UnixSeconds): Promise<SourceBody> {
  const body = await lookAtSource(database.db, name, now);
  if (body !== null) return body;
  throw sourceUnknown(name);
}
