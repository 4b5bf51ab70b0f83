// What the admin server answers of its own, in the OpenAPI document.

import { Type } from "typebox";
import { CLOSED } from "./admin-schemas.ts";
import { type Components, describeRefusals } from "./describe-refusals.ts";
import type { Json, JsonObject } from "./describe-schemas.ts";
import { DOCUMENT_PATH, LIVE_PATH, METRICS_PATH, READY_PATH } from "./server-routes.ts";

const healthSchema = Type.Object(
  { ok: Type.Boolean(), codes: Type.Array(Type.String(), { description: "What is wrong; docs/errors.md." }) },
  { ...CLOSED, title: "Health" },
);

export function describeServerRoutes(components: Components): [path: string, operations: Record<string, Json>][] {
  const health = contentOf("application/json", components.schemas.describe(healthSchema));
  const open = { security: [], refusals: describeRefusals("open", [], components) };
  const checks = { ...open, answers: { 200: answer("It is.", health), 503: answer("It is not.", health) } };
  return [
    [LIVE_PATH, get("getLiveness", "Whether the process should be left alone", checks)],
    [READY_PATH, get("getReadiness", "Whether the server can do its work now", checks)],
    [
      DOCUMENT_PATH,
      get("getApiDescription", "This document", {
        ...open,
        answers: { 200: answer("An OpenAPI document.", contentOf("application/json", { type: "object" })) },
      }),
    ],
    [
      METRICS_PATH,
      get("getMetrics", "Metrics in Prometheus' text format", {
        refusals: describeRefusals("metrics", [], components),
        answers: { 200: answer("The metrics.", contentOf("text/plain", { type: "string" })) },
      }),
    ],
  ];
}

interface ServerOperation {
  /** Empty for operations that need no token. */
  readonly security?: Json;
  readonly answers: Record<number, JsonObject>;
  readonly refusals: Record<string, JsonObject>;
}

function get(operationId: string, summary: string, operation: ServerOperation): Record<string, Json> {
  const { security, answers, refusals } = operation;
  const responses = { ...refusals, ...answers };
  const words = { operationId, tags: ["server"], summary };
  return { get: { ...words, ...(security === undefined ? {} : { security }), responses } };
}

function answer(description: string, content: JsonObject): JsonObject {
  return { description, content };
}

function contentOf(type: string, schema: JsonObject): JsonObject {
  return { [type]: { schema } };
}
