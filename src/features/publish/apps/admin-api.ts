// The admin API's operations on the apps that may upload.

import type { Database } from "../../../platform/database/database.ts";
import {
  type AdminRoute,
  changeRoute,
  type ResourceName,
  readRoute,
} from "../../../platform/http/admin/admin-route.ts";
import { cutPage, nameParams, nothing, pageQuery } from "../../../platform/http/admin/admin-schemas.ts";
import { findAuthority } from "../../verification/manage-authorities.ts";
import { readAuthorities } from "../../verification/queries.ts";
import type { AuthorizedApp } from "../publish-types.ts";
import { type AppBody, appChangeSchema, appPageSchema, appSchema, newAppSchema } from "./admin-schemas.ts";
import { changeApp, createApp, removeApp, requireApp } from "./manage-apps.ts";
import { readApp, readApps } from "./queries.ts";

const TAG = "apps";
const ALL_AUTHORITIES = 10_000;

export function appRoutes(): AdminRoute[] {
  return [
    readRoute({
      path: "/v1/apps",
      operationId: "listApps",
      tag: TAG,
      summary: "The apps that may upload.",
      role: "auditor",
      codes: [],
      params: nothing,
      query: pageQuery,
      answer: appPageSchema,
      read: async (database, { query }) => {
        const names = await authorityNames(database);
        return cutPage(
          (await readApps(database.db)).map((app) => shownApp(app, names)),
          query,
          ({ name }) => name,
        );
      },
    }),
    readRoute({
      path: "/v1/apps/{name}",
      operationId: "showApp",
      tag: TAG,
      summary: "One app.",
      role: "auditor",
      codes: ["app_unknown"],
      params: nameParams,
      query: nothing,
      answer: appSchema,
      resource: ({ params }) => resource(params.name),
      read: async (database, { params }) => show(database, await requireApp(database.db, params.name)),
    }),
    changeRoute({
      method: "POST",
      path: "/v1/apps",
      operationId: "createApp",
      tag: TAG,
      summary: "Let an app upload; at once, in all processes.",
      role: "administrator",
      codes: ["app_exists", "app_invalid", "authority_unknown"],
      params: nothing,
      body: newAppSchema,
      answer: appSchema,
      status: 201,
      resource: ({ body }) => resource(body.name),
      look: (database, { body }) => look(database, body.name),
      change: async (database, { body }) => {
        const app = await createApp(database, {
          name: body.name,
          regions: body.regions,
          authorityIds: await authorityIds(database, body.authorities),
          bypassCertificate: body.bypassCertificate ?? false,
          bypassRevisionToken: body.bypassRevisionToken ?? false,
        });
        return show(database, app);
      },
    }),
    changeRoute({
      method: "PATCH",
      path: "/v1/apps/{name}",
      operationId: "changeApp",
      tag: TAG,
      summary: "Change what an app may; keys that are stored keep their regions.",
      role: "administrator",
      codes: ["app_unknown", "app_invalid", "authority_unknown"],
      params: nameParams,
      body: appChangeSchema,
      answer: appSchema,
      status: 200,
      resource: ({ params }) => resource(params.name),
      look: (database, { params }) => look(database, params.name),
      change: async (database, { params, body }) => {
        const { authorities, ...changes } = body;
        const ids = authorities === undefined ? {} : { authorityIds: await authorityIds(database, authorities) };
        return show(database, await changeApp(database, params.name, { ...changes, ...ids }));
      },
    }),
    changeRoute({
      method: "DELETE",
      path: "/v1/apps/{name}",
      operationId: "deleteApp",
      tag: TAG,
      summary: "Take no more uploads of an app; what it uploaded stays.",
      role: "administrator",
      codes: ["app_unknown"],
      params: nameParams,
      body: nothing,
      answer: appSchema,
      status: 200,
      resource: ({ params }) => resource(params.name),
      look: (database, { params }) => look(database, params.name),
      change: async (database, { params }) => {
        const shown = await show(database, await requireApp(database.db, params.name));
        await removeApp(database, params.name);
        return shown;
      },
    }),
  ];
}

function resource(name: string): ResourceName {
  return { kind: "app", name: name.toLowerCase() };
}

async function look(database: Database, name: string): Promise<AppBody | null> {
  const app = await readApp(database.db, name.toLowerCase());
  return app === null ? null : show(database, app);
}

async function show(database: Database, app: AuthorizedApp): Promise<AppBody> {
  return shownApp(app, await authorityNames(database));
}

function shownApp(app: AuthorizedApp, names: ReadonlyMap<number, string>): AppBody {
  return {
    name: app.name,
    regions: [...app.regions],
    authorities: app.authorityIds.flatMap((id) => names.get(id) ?? []),
    bypassCertificate: app.bypassCertificate,
    bypassRevisionToken: app.bypassRevisionToken,
  };
}

async function authorityNames(database: Database): Promise<Map<number, string>> {
  return new Map((await readAuthorities(database.db, "", ALL_AUTHORITIES)).map(({ id, name }) => [id, name]));
}

async function authorityIds(database: Database, names: readonly string[]): Promise<number[]> {
  const ids: number[] = [];
  for (const name of names) ids.push((await findAuthority(database.db, name)).id);
  return ids;
}
