// What is wrong with a configuration, as a path and a sentence.

import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import { backendSchemas, configSchema } from "./config-schema.ts";

/** The first problem of a configuration that the schema refuses: "publicListener.port must be <= 65535". */
export function findProblem(config: unknown): string {
  if (typeof config !== "object" || config === null || Array.isArray(config)) return "the whole must be object";
  return findBackendProblem(config) ?? describeFirst(configSchema, config, "") ?? "unknown problem";
}

/** The schema of a union would complain about every alternative; this asks only the one that `kind` names. */
function findBackendProblem(config: unknown): string | null {
  for (const [area, schemas] of Object.entries(backendSchemas)) {
    const backend = memberOf(config, area);
    const kinds: Readonly<Record<string, TSchema>> = schemas;
    const kind = memberOf(backend, "kind");
    if (typeof kind !== "string" || !Object.hasOwn(kinds, kind)) {
      return `${area}.kind must be one of ${Object.keys(kinds).join(", ")}`;
    }
    const schema = kinds[kind];
    const problem = schema === undefined ? null : describeFirst(schema, backend, `/${area}`);
    if (problem !== null) return problem;
  }
  return null;
}

function describeFirst(schema: TSchema, value: unknown, path: string): string | null {
  const errors = Value.Errors(schema, value);
  const unknown = errors.find((error) => error.keyword === "boolean");
  if (unknown !== undefined) return `${dotted(path + unknown.instancePath)} is not a known setting`;
  const [first] = errors;
  if (first === undefined) return null;
  return `${dotted(path + first.instancePath) || "the whole"} ${first.message}`;
}

function dotted(pointer: string): string {
  return pointer.slice(1).replaceAll("/", ".");
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
