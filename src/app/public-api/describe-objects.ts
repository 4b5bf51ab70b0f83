// Published objects and health in the OpenAPI document of the public API.

import { Type } from "typebox";
import type { JsonObject, SchemaCollector } from "../../platform/http/admin/describe-schemas.ts";

const CLOSED = { additionalProperties: false } as const;

const objectRefusalSchema = Type.Object({ code: Type.String() }, { ...CLOSED, title: "ObjectRefusal" });
const wellSchema = Type.Object({ status: Type.Literal("ok") }, { ...CLOSED, title: "Well" });
const unwellSchema = Type.Object(
  {
    status: Type.Literal("unavailable"),
    codes: Type.Array(Type.String(), { minItems: 1, description: "What is wrong; docs/errors.md." }),
  },
  { ...CLOSED, title: "Unwell" },
);

/** What every operation may be answered before anybody has seen which it is. */
export function connectionRefusals(schemas: SchemaCollector): Readonly<Record<number, JsonObject>> {
  const refusal = schemas.describe(objectRefusalSchema);
  return { 408: refused("request_timeout", refusal), 431: refused("headers_too_large", refusal) };
}

export function describeHealth(schemas: SchemaCollector): JsonObject {
  const refusal = schemas.describe(objectRefusalSchema);
  return {
    operationId: "getHealth",
    tags: ["server"],
    summary: "Whether the server can serve phones now; maintenance does not matter",
    responses: {
      200: { description: "It can.", headers: NO_STORE, content: json(schemas.describe(wellSchema)) },
      413: refused("body_not_allowed", refusal),
      ...connectionRefusals(schemas),
      503: {
        description: "It cannot.",
        headers: NO_STORE,
        content: json({ oneOf: [schemas.describe(unwellSchema), withCode(refusal, "object_unavailable")] }),
      },
    },
  };
}

const WORDS = {
  index: {
    operationId: "getIndex",
    summary: "The names of the archives that are to be downloaded, a line each, in order",
    type: "text/plain",
    content: { type: "string" },
  },
  archive: {
    operationId: "getArchive",
    summary: "A signed archive of exposure keys; never changes",
    type: "application/zip",
    content: {},
  },
} as const;

/** At its usual place; a location may have others. */
export function describeObject(kind: keyof typeof WORDS, schemas: SchemaCollector): JsonObject {
  const { operationId, summary, type, content } = WORDS[kind];
  const refusal = schemas.describe(objectRefusalSchema);
  return {
    operationId,
    tags: ["objects"],
    summary,
    description: "Under the name that its location gives it: by default as here.",
    parameters: [
      pathParameter("location", "Name of the location.", {}),
      ...(kind === "archive" ? [pathParameter("archive", "A line of the index.", { pattern: "\\.zip$" })] : []),
      header("If-None-Match", "The ETag of the object as it is known."),
      header("Range", "One range of bytes."),
      header("If-Range", "The ETag of the object of which a part is known."),
    ],
    responses: {
      200: { description: "The object.", headers: OBJECT_HEADERS, content: { [type]: { schema: content } } },
      206: {
        description: "A part of it.",
        headers: { ...OBJECT_HEADERS, "Content-Range": TEXT },
        content: { [type]: { schema: content } },
      },
      304: { description: "It is as it is known." },
      404: refused("object_not_found", refusal),
      413: refused("body_not_allowed", refusal),
      ...connectionRefusals(schemas),
      416: { description: "It does not reach so far.", headers: { ...NO_STORE, "Content-Range": TEXT } },
      503: refused("object_unavailable", refusal),
    },
  };
}

const TEXT: JsonObject = { required: true, schema: { type: "string" } };
const NO_STORE: JsonObject = { "Cache-Control": { required: true, schema: { const: "no-store" } } };
const OBJECT_HEADERS: JsonObject = { ETag: TEXT, "Cache-Control": TEXT, "Accept-Ranges": TEXT };

function pathParameter(name: string, description: string, schema: JsonObject): JsonObject {
  return { name, in: "path", required: true, description, schema: { type: "string", ...schema } };
}

function header(name: string, description: string): JsonObject {
  return { name, in: "header", required: false, description, schema: { type: "string" } };
}

function refused(code: string, refusal: JsonObject): JsonObject {
  return { description: `\`${code}\``, headers: NO_STORE, content: json(withCode(refusal, code)) };
}

function withCode(refusal: JsonObject, code: string): JsonObject {
  return { allOf: [refusal, { properties: { code: { const: code } } }] };
}

function json(schema: JsonObject): JsonObject {
  return { "application/json": { schema } };
}
