// Holds the input of a route against its schemas: nothing unknown, nothing converted but numbers in paths and queries.

import type { TObject } from "typebox";
import { Compile } from "typebox/compile";
import { adminError } from "./admin-error.ts";
import type { AdminRoute } from "./admin-route.ts";
import { nothing } from "./admin-schemas.ts";
import { describePattern } from "./describe-pattern.ts";
import { findUnusable } from "./find-unusable.ts";

/** Each part as it arrived: paths and queries as texts, the body as JSON. */
export interface InputParts {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
}

/** Answers the parts as the route takes them. Throws `request_invalid`, which says where, by the names of members, and never what was sent there. */
export type CheckInput = (parts: InputParts) => InputParts;

export function compileInputCheck(route: AdminRoute): CheckInput {
  const query = route.kind === "read" ? route.query : nothing;
  const checkParams = compileCheck("path", route.params);
  const checkQuery = compileCheck("query", query);
  const checkBody = compileCheck("body", route.kind === "read" ? nothing : route.body);
  return (parts) => ({
    params: checkParams(withNumbers(parts.params, route.params)),
    query: checkQuery(withNumbers(parts.query, query)),
    body: checkBody(parts.body),
  });
}

function compileCheck(part: string, schema: TObject): (value: unknown) => unknown {
  const validator = Compile(schema);
  return (value) => {
    const unusable = findUnusable(value);
    if (unusable !== null) throw invalid(part, unusable);
    if (validator.Check(value)) return value;
    const { place, why } = problemIn(validator.Errors(value)[0]);
    throw invalid(`${part}${place}`.slice(0, MAX_PLACE_CHARACTERS), why);
  };
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** The first problem of an input, at the member that is missing, unknown or wrong. */
function problemIn(error: SchemaError | undefined): { readonly place: string; readonly why: string } {
  if (error === undefined) return { place: "", why: "is not as described" };
  const { keyword, instancePath: place, params, message } = error;
  const missing = keyword === "required" ? textsIn(params, "requiredProperties") : [];
  if (missing[0] !== undefined) return { place: `${place}/${missing[0]}`, why: "is missing" };
  const allowed = keyword === "enum" ? textsIn(params, "allowedValues") : [];
  if (allowed.length > 0) return { place, why: `must be one of ${allowed.join(", ")}` };
  const pattern: unknown = keyword === "pattern" ? Reflect.get(params, "pattern") : null;
  const described = typeof pattern === "string" ? describePattern(pattern) : null;
  return { place, why: described ?? (keyword === "boolean" ? "is not known" : message) };
}

function textsIn(params: object, name: string): string[] {
  const found: unknown = Reflect.get(params, name);
  return Array.isArray(found) ? found.map(String) : [];
}

/** Of a place in a message: member names may be as long as a body. */
const MAX_PLACE_CHARACTERS = 200;

function invalid(where: string, why: string): Error {
  return adminError("request_invalid", `${where}: ${why}`, {
    remedy: "GET /v1/openapi.json answers what this operation takes.",
  });
}

const WHOLE_NUMBER = /^(?:0|-?[1-9]\d{0,15})$/;

/** Members of which the schema says that they are whole numbers become them, where they are written as such. */
function withNumbers(texts: unknown, schema: TObject): unknown {
  if (typeof texts !== "object" || texts === null) return texts;
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [
      name,
      isIntegerSchema(schema.properties[name]) && typeof text === "string" && WHOLE_NUMBER.test(text)
        ? Number(text)
        : text,
    ]),
  );
}

function isIntegerSchema(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && "type" in schema && schema.type === "integer";
}
