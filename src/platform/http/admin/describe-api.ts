// The admin API as an OpenAPI 3.1 document, made from its routes alone.

import type { TObject } from "typebox";
import type { AdminRoute } from "./admin-route.ts";
import { type Components, describeRefusals } from "./describe-refusals.ts";
import { createSchemaCollector, type Json, type JsonObject, type SchemaCollector } from "./describe-schemas.ts";
import { describeServerRoutes } from "./describe-server-routes.ts";

export type OpenApiDocument = JsonObject;

/**
 * Describes every operation with all that it takes and can answer. A schema with a `title` becomes a component.
 * Throws RangeError where an operation id, a method of a path, or a title is there twice, parameters do not fit their
 * path, or a code has no status.
 */
export function describeApi(routes: readonly AdminRoute[], version: string): OpenApiDocument {
  const components: Components = { schemas: createSchemaCollector(), responses: new Map() };
  const paths = new Map<string, Record<string, Json>>(describeServerRoutes(components));
  const operationIds = new Set<string>();
  for (const route of routes) {
    if (operationIds.has(route.operationId)) throw new RangeError(`${route.operationId} is there twice`);
    operationIds.add(route.operationId);
    const path = paths.getOrInsertComputed(route.path, () => ({}));
    const method = route.method.toLowerCase();
    if (method in path) throw new RangeError(`${route.method} ${route.path} is there twice`);
    path[method] = describeRoute(route, components);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "enks admin API",
      version,
      description:
        "Administration of an Exposure Notification key server. Every refusal has a stable code. " +
        "Lists come in pages: ask again with `after` set to `next` of the page before, until it is null.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ bearer: [] }],
    tags: [
      { name: "server", description: "Health, metrics, and this document." },
      ...[...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name, description: `All about ${name}.` })),
    ],
    paths: Object.fromEntries(paths),
    components: {
      schemas: components.schemas.components(),
      responses: Object.fromEntries(components.responses),
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer", description: "The token of a principal: `enks_...`." },
      },
    },
  };
}

function describeRoute(route: AdminRoute, components: Components): JsonObject {
  const { schemas } = components;
  const isChange = route.kind === "change";
  const hasBody = route.kind !== "read";
  const isTagged = hasBody || route.resource !== undefined;
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    description: [route.description, `Needs the role ${route.role}.`].filter(Boolean).join("\n\n"),
    parameters: [
      ...pathParameters(route, schemas),
      ...(isChange ? [IF_MATCH] : []),
      ...(route.kind === "read" ? membersOf(route.query, "query", schemas) : []),
    ],
    ...(hasBody ? { requestBody: requestBody(route.body, schemas) } : {}),
    responses: {
      [isChange ? route.status : 200]: {
        description: "Done.",
        ...(isTagged ? { headers: { ETag: ETAG } } : {}),
        content: { "application/json": { schema: schemas.describe(route.answer) } },
      },
      ...describeRefusals(route.kind, route.codes, components),
    },
  };
}

const ETAG: JsonObject = {
  description: "The revision of the resource, for `If-Match`.",
  required: true,
  schema: { type: "string", pattern: '^"\\d+"$' },
};

const IF_MATCH: JsonObject = {
  name: "If-Match",
  in: "header",
  required: false,
  description: "The ETag of the resource as it was read; the change is refused if it was changed since.",
  schema: { type: "string", pattern: '^"\\d+"$' },
};

function pathParameters({ path, params }: AdminRoute, schemas: SchemaCollector): JsonObject[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  if (inPath.sort().join() !== Object.keys(params.properties).sort().join()) {
    throw new RangeError(`${path} and its parameters have other names`);
  }
  return membersOf(params, "path", schemas);
}

function membersOf(schema: TObject, place: "path" | "query", schemas: SchemaCollector): JsonObject[] {
  const required: readonly string[] = schema.required ?? [];
  return Object.entries(schema.properties).map(([name, member]) => ({
    name,
    in: place,
    required: required.includes(name),
    schema: schemas.describe(member),
  }));
}

/** A body may be left out where nothing in it is required. */
function requestBody(body: TObject, schemas: SchemaCollector): JsonObject {
  const required = (body.required ?? []).length > 0;
  return { required, content: { "application/json": { schema: schemas.describe(body) } } };
}
