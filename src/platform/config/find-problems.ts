// What is wrong with a configuration, as sentences with paths.

import { Value } from "typebox/value";
import { configSchema } from "./config-schema.ts";
import { SETTINGS } from "./list-settings.ts";
import { nearestName } from "./nearest-name.ts";

/** Everything that the schema refuses: "publicListener.port must be <= 65535". Values are never repeated. */
export function findProblems(config: unknown): string[] {
  if (typeof config !== "object" || config === null || Array.isArray(config)) return ["the whole must be object"];
  const errors = Value.Errors(configSchema, config);
  const unknown = errors.filter((error) => error.keyword === "boolean").map((error) => pathOf(error.instancePath));
  // A member that is unknown is also named as a fault of the object that it is in.
  const others = errors.filter((error) => error.keyword !== "boolean" && error.keyword !== "additionalProperties");
  const sentences = [
    ...unknown.map(describeUnknown),
    ...others.map((error) => `${pathOf(error.instancePath) || "the whole"} ${describe(error)}`),
  ];
  return [...new Set(sentences)];
}

function describe(error: {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
}): string {
  if (error.keyword !== "enum") return error.message;
  const path = pathOf(error.instancePath);
  const setting = SETTINGS.find((one) => one.path === path || path.startsWith(`${one.path}.`));
  return `must be one of ${(setting?.words ?? []).join(", ")}`;
}

function describeUnknown(path: string): string {
  const known = new Set(SETTINGS.flatMap((setting) => [setting.path, setting.path.split(".")[0] ?? ""]));
  const nearest = nearestName(path, known);
  return `${path} is not a known setting${nearest === null ? "" : `; did you mean ${nearest}?`}`;
}

function pathOf(pointer: string): string {
  return pointer.slice(1).replaceAll("/", ".").replaceAll("~1", "/").replaceAll("~0", "~");
}
