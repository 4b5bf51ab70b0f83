// The routes of exports: making, watching, changing and ending them, and exporting a stretch once more.

import { DAY, type UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import { type AdminRoute, changeRoute, readRoute } from "../../platform/http/admin/admin-route.ts";
import {
  cutPage,
  nameParams,
  nothing,
  pageQuery,
  parseInstant,
  parseInstantOrNull,
} from "../../platform/http/admin/admin-schemas.ts";
import type { LocationsFeature } from "../locations/feature.ts";
import {
  backfillSchema,
  type ExportBody,
  type ExportChangeBody,
  exportChangeSchema,
  exportEndSchema,
  exportGiveUpSchema,
  exportPageSchema,
  exportSchema,
  type NewExportBody,
  newBackfillSchema,
  newExportSchema,
} from "./admin-schemas.ts";
import { continueExport } from "./continue-export.ts";
import type { ExportSettings, RecordLimits, RunSettings } from "./export-types.ts";
import {
  changeExport,
  createExport,
  type ExportChange,
  endExport,
  endExportNow,
  exportUnknown,
  giveUpExport,
} from "./manage-configs.ts";
import { readConfig, readConfigs } from "./queries.ts";
import { requestBackfill } from "./request-backfill.ts";
import { showExports, toBackfillBody } from "./show-export.ts";

export interface ExportRoutesDeps {
  readonly locations: Pick<LocationsFeature, "require">;
  readonly settings: RunSettings;
  /** Of exports that do not say otherwise. */
  readonly recordLimits: RecordLimits;
}

export function exportRoutes(deps: ExportRoutesDeps): AdminRoute[] {
  return [
    listRoute(deps),
    showRoute(deps),
    createRoute(deps),
    changeExportRoute(deps),
    endRoute(deps),
    giveUpRoute(deps),
    continueRoute(deps),
    backfillRoute(deps),
  ];
}

const words = { tag: "exports" } as const;
const resourceOf = (name: string) => ({ kind: "export", name });

function listRoute(deps: ExportRoutesDeps): AdminRoute {
  return readRoute({
    ...words,
    path: "/v1/exports",
    operationId: "listExports",
    summary: "All exports, by name",
    role: "auditor",
    params: nothing,
    query: pageQuery,
    answer: exportPageSchema,
    codes: [],
    read: async (database, { query, now }) => {
      const { items, next } = cutPage(await readConfigs(database.db), query, ({ name }) => name);
      return { items: await showExports(database.db, deps.settings, items, now), next };
    },
  });
}

function showRoute(deps: ExportRoutesDeps): AdminRoute {
  return readRoute({
    ...words,
    path: "/v1/exports/{name}",
    operationId: "showExport",
    summary: "One export: its settings, how far it has come, and its back-fills",
    role: "auditor",
    params: nameParams,
    query: nothing,
    answer: exportSchema,
    codes: ["export_unknown"],
    resource: ({ params }) => resourceOf(params.name),
    read: (database, { params, now }) => show(deps, database, params.name, now),
  });
}

function createRoute(deps: ExportRoutesDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/exports",
    operationId: "createExport",
    summary: "Makes an export into a location",
    description: "Without from it begins now; without a period its windows are days.",
    role: "operator",
    params: nothing,
    body: newExportSchema,
    answer: exportSchema,
    status: 201,
    codes: ["export_exists", "export_settings_invalid", "period_invalid", "location_unknown"],
    resource: ({ body }) => resourceOf(body.name),
    look: (database, { body, now }) => look(deps, database, body.name, now),
    change: async (database, { body, now }) => {
      await deps.locations.require(database, body.location);
      await createExport(database, toSettings(body, deps.recordLimits, now));
      return show(deps, database, body.name, now);
    },
  });
}

function changeExportRoute(deps: ExportRoutesDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "PATCH",
    path: "/v1/exports/{name}",
    operationId: "changeExport",
    summary: "Changes an export, or lets it end",
    description:
      "Another filter holds for windows that are not complete yet; a back-fill brings what it adds to earlier ones. " +
      "With thru it ends there; the keys that run then follow when they have ended.",
    role: "operator",
    params: nameParams,
    body: exportChangeSchema,
    answer: exportSchema,
    status: 200,
    codes: ["export_unknown", "export_settings_invalid", "period_invalid"],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params, now }) => look(deps, database, params.name, now),
    change: async (database, { params, body, now }) => {
      await changeExport(database, params.name, toChange(body));
      return show(deps, database, params.name, now);
    },
  });
}

function endRoute(deps: ExportRoutesDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/exports/{name}/end",
    operationId: "endExport",
    summary: "Lets an export end there; the keys that run then follow when they have ended",
    role: "operator",
    params: nameParams,
    body: exportEndSchema,
    answer: exportSchema,
    status: 200,
    codes: ["export_unknown", "export_settings_invalid"],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params, now }) => look(deps, database, params.name, now),
    change: async (database, { params, body, now }) => {
      if (body.thru === undefined) await endExportNow(database, params.name, now);
      else await endExport(database, params.name, parseInstant(body.thru));
      return show(deps, database, params.name, now);
    },
  });
}

function giveUpRoute(deps: ExportRoutesDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/exports/{name}/give-ups",
    operationId: "giveUpExport",
    summary: "Ends an export that is ending although keys that ran at its end are not exported",
    description: "They are never exported by it; the record says why.",
    role: "administrator",
    params: nameParams,
    body: exportGiveUpSchema,
    answer: exportSchema,
    status: 201,
    codes: ["export_unknown", "export_not_ending"],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params, now }) => look(deps, database, params.name, now),
    change: async (database, { params, body, now }) => {
      await giveUpExport(database, params.name, body.reason, now);
      return show(deps, database, params.name, now);
    },
  });
}

function continueRoute(deps: ExportRoutesDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/exports/{name}/continuation",
    operationId: "continueExport",
    summary: "Lets an export go on that has ended, or is to end",
    description:
      "Its next window begins where its last one ended, so that keys which were released meanwhile are exported.",
    role: "operator",
    params: nameParams,
    body: nothing,
    answer: exportSchema,
    status: 200,
    codes: ["export_unknown", "export_settings_invalid"],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params, now }) => look(deps, database, params.name, now),
    change: async (database, { params, now }) => {
      await continueExport(database, params.name);
      return show(deps, database, params.name, now);
    },
  });
}

function backfillRoute(deps: ExportRoutesDeps): AdminRoute {
  return changeRoute({
    ...words,
    method: "POST",
    path: "/v1/exports/{name}/backfills",
    operationId: "backfillExport",
    summary: "Hands the keys of a stretch to the location once more, as after a region was added",
    description: "The export's job carries it out. Keys that stand at the location already are left out.",
    role: "operator",
    params: nameParams,
    body: newBackfillSchema,
    answer: backfillSchema,
    status: 202,
    codes: ["export_unknown", "export_stretch_invalid"],
    resource: ({ params }) => resourceOf(params.name),
    look: (database, { params, now }) => look(deps, database, params.name, now),
    change: async (database, { params, body, now }) => {
      const stretch = { from: parseInstant(body.from), thru: body.thru === undefined ? null : parseInstant(body.thru) };
      return toBackfillBody(await requestBackfill(database, params.name, stretch, now));
    },
  });
}

async function show(deps: ExportRoutesDeps, database: Database, name: string, now: UnixSeconds): Promise<ExportBody> {
  const body = await look(deps, database, name, now);
  if (body) return body;
  throw exportUnknown(name);
}

async function look(
  { settings }: ExportRoutesDeps,
  database: Database,
  name: string,
  now: UnixSeconds,
): Promise<ExportBody | null> {
  const config = await readConfig(database.db, name);
  if (!config) return null;
  return (await showExports(database.db, settings, [config], now))[0] ?? null;
}

function toSettings(body: NewExportBody, limits: RecordLimits, now: UnixSeconds): ExportSettings {
  const { name, location, region, includeRegions = [], excludeRegions = [], travelers = "also" } = body;
  const { periodSeconds = DAY, backfillSeconds = 0 } = body;
  return {
    name,
    location,
    region,
    filter: { includeRegions, excludeRegions, travelers },
    periodSeconds,
    from: body.from === undefined ? now : parseInstant(body.from),
    thru: parseInstantOrNull(body.thru ?? null),
    backfillSeconds,
    maxRecords: body.maxRecords ?? limits.maxRecords,
    minRecords: body.minRecords ?? limits.minRecords,
    paddingRange: body.paddingRange ?? limits.paddingRange,
  };
}

function toChange({ includeRegions, excludeRegions, travelers, thru, ...limits }: ExportChangeBody): ExportChange {
  return {
    ...limits,
    ...(thru === undefined ? {} : { thru: parseInstantOrNull(thru) }),
    filter: {
      ...(includeRegions && { includeRegions }),
      ...(excludeRegions && { excludeRegions }),
      ...(travelers && { travelers }),
    },
  };
}
