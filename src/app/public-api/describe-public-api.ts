// The public API as an OpenAPI 3.1 document: uploads, statistics, published objects, health.

import * as wire from "../../features/publish/wire-schemas.ts";
import { type PublicOperation, REFUSED_WITH } from "../../features/publish/wire-schemas.ts";
import {
  createSchemaCollector,
  type Json,
  type JsonObject,
  type SchemaCollector,
} from "../../platform/http/admin/describe-schemas.ts";
import { connectionRefusals, describeHealth, describeObject } from "./describe-objects.ts";

export const DOCUMENT_PATH = "/v1/openapi.json";

/** The same version gives the same document. */
export function describePublicApi(version: string): JsonObject {
  const schemas = createSchemaCollector();
  const paths = {
    "/v1/publish": { post: describePublish(schemas) },
    "/v1/stats": { get: describeStats("getStats", schemas), post: describeStats("postForStats", schemas) },
    [DOCUMENT_PATH]: { get: describeDocument(schemas) },
    "/health": { get: describeHealth(schemas) },
    "/{location}/index.txt": { get: describeObject("index", schemas) },
    "/{location}/{archive}": { get: describeObject("archive", schemas) },
  };
  return {
    openapi: "3.1.1",
    info: {
      title: "enks public API",
      version,
      description:
        "What phones, verification servers and other key servers ask of an Exposure Notification key server. " +
        "HEAD is answered as GET where objects and health are read. What is no readable HTTP request is answered with 400 " +
        "and `request_malformed`, another method with 405.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [],
    tags: [
      { name: "uploads", description: "Exposure keys of people with a diagnosis, and what is counted of them." },
      { name: "objects", description: "Published trees: an index, and the archives that it lists." },
      { name: "server", description: "Health, and this document." },
    ],
    paths,
    components: {
      schemas: schemas.components(),
      securitySchemes: {
        authority: { type: "http", scheme: "bearer", description: "A JWT that is signed as certificates are." },
      },
    },
  };
}

function describePublish(schemas: SchemaCollector): JsonObject {
  return {
    operationId: "publish",
    tags: ["uploads"],
    summary: "Uploads exposure keys, or revises them",
    description:
      "All or nothing, but for keys that are not valid by themselves. The identical request may be repeated.",
    parameters: [CHAFF],
    requestBody: { required: true, content: contentOf(schemas.describe(wire.publishRequestSchema)) },
    responses: {
      200: answered("Stored as far as it says.", schemas.describe(wire.publishAnswerSchema)),
      ...refusals("publish", schemas),
      ...connectionRefusals(schemas),
    },
  };
}

function describeStats(operationId: string, schemas: SchemaCollector): JsonObject {
  const body = { required: false, content: contentOf(schemas.describe(wire.statsRequestSchema)) };
  return {
    operationId,
    tags: ["uploads"],
    summary: "The statistics of the health authority that asks",
    security: [{ authority: [] }],
    parameters: [CHAFF],
    ...(operationId === "getStats" ? {} : { requestBody: body }),
    responses: {
      200: answered("Its days.", schemas.describe(wire.statsAnswerSchema)),
      ...refusals("stats", schemas),
      ...connectionRefusals(schemas),
    },
  };
}

function describeDocument(schemas: SchemaCollector): JsonObject {
  return {
    operationId: "getPublicApiDescription",
    tags: ["server"],
    summary: "This document",
    responses: {
      200: { description: "An OpenAPI document.", content: contentOf({ type: "object" }) },
      ...connectionRefusals(schemas),
    },
  };
}

const CHAFF: JsonObject = {
  name: "X-Chaff",
  in: "header",
  required: false,
  description: "Anything: nothing is done, and nobody on the way can tell.",
  schema: { type: "string" },
};

const ANSWER_HEADERS: JsonObject = {
  "X-API-Version": { required: true, schema: { const: "v1" } },
  "Cache-Control": { required: true, schema: { const: "no-store" } },
};

const RETRY_AFTER: JsonObject = {
  "Retry-After": {
    description: "Seconds to wait.",
    required: true,
    schema: { type: "string", pattern: "^[1-9]\\d*$" },
  },
};

function refusals(operation: PublicOperation, schemas: SchemaCollector): Record<string, Json> {
  const pairs = Object.entries(REFUSED_WITH).flatMap(([code, statuses]) =>
    (statuses[operation] ?? []).map((status) => ({ code, status })),
  );
  const byStatus = Map.groupBy(pairs, ({ status }) => status);
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => [
      status,
      refused(
        status,
        of.map(({ code }) => code),
        schemas,
      ),
    ]),
  );
}

function refused(status: number, codes: readonly string[], schemas: SchemaCollector): JsonObject {
  const isForLater = status === 429 || status === 503;
  const schema = {
    allOf: [schemas.describe(wire.publishRefusalSchema), { properties: { code: { enum: [...codes].sort() } } }],
  };
  return answered(codes.map((code) => `\`${code}\``).join(", "), schema, isForLater ? RETRY_AFTER : {});
}

function answered(description: string, schema: JsonObject, headers: JsonObject = {}): JsonObject {
  return { description, headers: { ...ANSWER_HEADERS, ...headers }, content: contentOf(schema) };
}

function contentOf(schema: JsonObject): JsonObject {
  return { "application/json": { schema } };
}
