// The routes of mirrors: making, watching, changing and ending them, and whom they trust.

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
import { toNewTrustedKey } from "../upstreams/trusted-key-schemas.ts";
import {
  type MirrorBody,
  mirrorArchivePageSchema,
  mirrorArchiveQuery,
  mirrorChangeSchema,
  mirrorEndSchema,
  mirrorPageSchema,
  mirrorSchema,
  type NewMirrorBody,
  newMirrorSchema,
} from "./admin-schemas.ts";
import { acceptRoute, showLosses } from "./loss-routes.ts";
import { changeMirror, createMirror, endMirror, endMirrorNow } from "./manage-mirrors.ts";
import { mirrorKind } from "./mirror-kind.ts";
import type { MirrorDeps, NewMirror } from "./mirror-types.ts";
import { mirrorUnknown, requireMirror } from "./require-mirror.ts";
import { lookAtMirror, toMirrorArchiveBody, toMirrorBody } from "./show-mirror.ts";
import { readHandedOver, readMirrorOverviews } from "./status-queries.ts";

export function mirrorRoutes(deps: MirrorDeps): AdminRoute[] {
  return [
    listMirrors,
    showMirror,
    listArchives,
    createRoute(deps),
    changeSettings,
    endRoute,
    giveUpRoute(deps),
    showLosses,
    acceptRoute(deps),
    ...followerRoutes(deps, mirrorKind),
  ];
}

const words = { tag: "mirrors" } as const;
const resourceOf = (name: string) => ({ kind: "mirror", name });
/** Of mirrors that do not say otherwise; as of exports (KS 11.5 EXPORT_FILE_MAX_RECORDS). */
const DEFAULT_MAX_RECORDS = 500_000;

const listMirrors = readRoute({
  ...words,
  path: "/v1/mirrors",
  operationId: "listMirrors",
  summary: "All mirrors, by name",
  role: "auditor",
  params: nothing,
  query: pageQuery,
  answer: mirrorPageSchema,
  codes: [],
  read: async ({ db }, { query, now }) => {
    const { items, next } = cutPage(await readMirrorOverviews(db, null), query, ({ mirror }) => mirror.name);
    return { items: items.map((one) => toMirrorBody(one, now)), next };
  },
});

const showMirror = readRoute({
  ...words,
  path: "/v1/mirrors/{name}",
  operationId: "showMirror",
  summary: "One mirror: its settings, whom it trusts, how far behind it is and why",
  role: "auditor",
  params: nameParams,
  query: nothing,
  answer: mirrorSchema,
  codes: ["mirror_unknown"],
  resource: ({ params }) => resourceOf(params.name),
  read: (database, { params, now }) => show(database, params.name, now),
});

const listArchives = readRoute({
  ...words,
  path: "/v1/mirrors/{name}/archives",
  operationId: "listMirrorArchives",
  summary: "The source's archives that a mirror handed over, the last first",
  role: "auditor",
  params: nameParams,
  query: mirrorArchiveQuery,
  answer: mirrorArchivePageSchema,
  codes: ["mirror_unknown"],
  read: async ({ db }, { params, query: { limit = PAGE_DEFAULT, after } }) => {
    const { id } = await requireMirror(db, params.name);
    const found = await readHandedOver(db, id, after === undefined ? null : Number(after), limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(toMirrorArchiveBody), next: found.length > limit && last ? String(last.position) : null };
  },
});

function createRoute(deps: MirrorDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/mirrors",
    operationId: "createMirror",
    summary: "Feeds a location with the archives of another server",
    description: "What the source lists at first is the history: resealed, it goes out as few archives.",
    role: "administrator",
    params: nothing,
    body: newMirrorSchema,
    answer: mirrorSchema,
    status: 201,
    codes: [
      "mirror_exists",
      "mirror_doubled",
      "mirror_settings_invalid",
      "public_key_invalid",
      "trusted_key_exists",
      "location_unknown",
    ],
    resource: ({ body }) => resourceOf(body.name),
    look: (database, { body, now }) => look(database, body.name, now),
    change: async (database, { body, now }) => {
      await deps.locations.require(database, body.location);
      await createMirror({ ...deps, database }, toSettings(body, now), body.trustedKeys.map(toNewTrustedKey));
      return show(database, body.name, now);
    },
  });
}

const changeSettings = changeRoute({
  ...words,
  method: "PATCH",
  path: "/v1/mirrors/{name}",
  operationId: "changeMirror",
  summary: "Changes a mirror, or lets it end",
  description:
    "At another place it goes on with what is listed there and was not taken yet; a place that lacks what was taken from " +
    "the old one is not believed. From its end on it takes nothing more; what it published stays.",
  role: "operator",
  params: nameParams,
  body: mirrorChangeSchema,
  answer: mirrorSchema,
  status: 200,
  codes: ["mirror_unknown", "mirror_doubled", "mirror_settings_invalid"],
  roleFor: ({ body }) => (body.allowPrivateAddresses === true ? "administrator" : "operator"),
  resource: ({ params }) => resourceOf(params.name),
  look: (database, { params, now }) => look(database, params.name, now),
  change: async (database, { params, body: { until, ...settings }, now }) => {
    const end = until === undefined ? {} : { until: parseInstantOrNull(until) };
    await changeMirror({ database }, params.name, { ...settings, ...end });
    return show(database, params.name, now);
  },
});

const endRoute = changeRoute({
  ...words,
  method: "POST",
  path: "/v1/mirrors/{name}/end",
  operationId: "endMirror",
  summary: "Lets a mirror end: it takes what is listed by then, and nothing more; what it published stays",
  role: "operator",
  params: nameParams,
  body: mirrorEndSchema,
  answer: mirrorSchema,
  status: 200,
  codes: ["mirror_unknown", "mirror_settings_invalid"],
  resource: ({ params }) => resourceOf(params.name),
  look: (database, { params, now }) => look(database, params.name, now),
  change: async (database, { params, body: { until }, now }) => {
    if (until === undefined) await endMirrorNow({ database }, params.name, now);
    else await endMirror({ database }, params.name, parseInstant(until));
    return show(database, params.name, now);
  },
});

function giveUpRoute(deps: MirrorDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/mirrors/{name}/give-ups",
    operationId: "giveUpMirror",
    summary: "Ends a mirror that is ending although something that was listed is not taken",
    description: "What is left is never published by this mirror; the record says why.",
    role: "administrator",
    params: nameParams,
    body: newGiveUpSchema,
    answer: mirrorSchema,
    status: 201,
    codes: ["mirror_unknown", "upstream_not_ending"],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params, now }) => look(database, params.name, now),
    change: async (database, { params: { name }, body: { reason }, now }) => {
      await giveUp(database.db, await requireMirror(database.db, name), reason, now);
      deps.report({ event: "mirror.ended", level: "warn", mirror: name, givenUp: reason });
      return show(database, name, now);
    },
  });
}

async function show(database: Database, name: string, now: UnixSeconds): Promise<MirrorBody> {
  const body = await look(database, name, now);
  if (body !== null) return body;
  throw mirrorUnknown(name);
}

function look({ db }: Database, name: string, now: UnixSeconds): Promise<MirrorBody | null> {
  return lookAtMirror(db, name, now);
}

function toSettings(body: NewMirrorBody, now: UnixSeconds): NewMirror {
  const { name, location, method = "reseal", indexUrl, baseUrl, region = "" } = body;
  const { maxRecords = DEFAULT_MAX_RECORDS, allowPrivateAddresses = false, from, until = null } = body;
  const { otherEntries = [], batchParts = false, onsetCodes = false } = body;
  return {
    name,
    location,
    method,
    indexUrl,
    baseUrl,
    region,
    maxRecords,
    allowPrivateAddresses,
    otherEntries,
    batchParts,
    onsetCodes,
    from: from === undefined ? now : parseInstant(from),
    until: parseInstantOrNull(until),
  };
}
