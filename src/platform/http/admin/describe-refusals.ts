// The refusals of an operation in an OpenAPI document: by status, each with the codes that it may have.

import { Type } from "typebox";
import { CLOSED } from "./admin-schemas.ts";
import type { Json, JsonObject, SchemaCollector } from "./describe-schemas.ts";
import { statusOfCode } from "./status-of-code.ts";

/** The body of every refusal. */
const refusalSchema = Type.Object(
  {
    code: Type.String({ description: "Stable; programs switch on it. docs/errors.md explains every one." }),
    message: Type.String({ description: "What is wrong, for people. May change." }),
    remedy: Type.Optional(Type.String({ description: "What can be done about it." })),
    requestId: Type.String({ description: "Under which the server's log has this request." }),
  },
  { ...CLOSED, title: "Refusal" },
);

/** Of every operation. */
const ANY = ["request_malformed", "request_timeout", "headers_too_large", "unexpected"];
/** Of every operation that needs a token. */
const WITH_TOKEN = ["token_missing", "token_unknown", "token_expired", "token_revoked", "database_unreachable"];
const ROUTE = [...ANY, ...WITH_TOKEN, "role_insufficient", "request_invalid"];

export const COMMON_CODES = {
  open: [...ANY, "body_not_allowed"],
  metrics: [...ANY, ...WITH_TOKEN, "body_not_allowed", "role_insufficient"],
  read: [...ROUTE, "body_not_allowed"],
  preview: [...ROUTE, "json_malformed", "body_too_large", "content_type_unsupported"],
  change: [...ROUTE, "json_malformed", "body_too_large", "content_type_unsupported", "changed_meanwhile"],
} as const satisfies Record<string, readonly string[]>;

export type RefusalKind = keyof typeof COMMON_CODES;

/** The document's components as far as they are known. */
export interface Components {
  readonly schemas: SchemaCollector;
  readonly responses: Map<string, JsonObject>;
}

/** Responses by status; what all of a kind share is a component. Throws RangeError for a code that has no status. */
export function describeRefusals(
  kind: RefusalKind,
  ownCodes: readonly string[],
  { schemas, responses }: Components,
): Record<string, JsonObject> {
  const byStatus = Map.groupBy(new Set([...COMMON_CODES[kind], ...ownCodes]), statusOrThrow);
  const described = [...byStatus].map(([status, codes]): [string, JsonObject] => {
    const response = refusal(status, codes, schemas);
    if (codes.some((code) => ownCodes.includes(code))) return [String(status), response];
    const name = `${kind}-${status}`;
    responses.set(name, response);
    return [String(status), { $ref: `#/components/responses/${name}` }];
  });
  return Object.fromEntries(described);
}

function statusOrThrow(code: string): number {
  const status = statusOfCode(code);
  if (status === undefined) throw new RangeError(`${code} has no status in status-of-code.ts`);
  return status;
}

function refusal(status: number, codes: readonly string[], schemas: SchemaCollector): JsonObject {
  const schema: JsonObject = {
    allOf: [schemas.describe(refusalSchema), { properties: { code: { enum: [...codes].sort() } } }],
  };
  return {
    description: codes.map((code) => `\`${code}\``).join(", "),
    ...headersOf(status),
    content: { "application/json": { schema } },
  };
}

function headersOf(status: number): { headers?: Json } {
  const text = { type: "string" };
  if (status === 401) return { headers: { "WWW-Authenticate": { description: "Bearer.", schema: text } } };
  if (status === 503) return { headers: { "Retry-After": { description: "Seconds to wait.", schema: text } } };
  return {};
}
