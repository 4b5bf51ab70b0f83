// Which arguments and options take the name of something that the server has.

import type { Argument, Command, Option } from "commander";

/** Lists of which the server knows the names. */
export const NAMED_LISTS = {
  principal: "/v1/principals",
  "signing-key": "/v1/signing-keys",
  location: "/v1/locations",
  export: "/v1/exports",
  source: "/v1/sources",
  supplier: "/v1/suppliers",
  mirror: "/v1/mirrors",
  authority: "/v1/authorities",
  app: "/v1/apps",
  job: "/v1/jobs",
} as const;
export type NamedList = keyof typeof NAMED_LISTS | "profile";

/** What commands of these names make is not there yet. */
const MAKING: ReadonlySet<string> = new Set(["create", "add"]);
const NAMED_OPTIONS = new Map<string, NamedList>([
  ["location", "location"],
  ["signingKey", "signing-key"],
  ["source", "source"],
  ["supplier", "supplier"],
  ["into", "supplier"],
  ["authorities", "authority"],
  ["profile", "profile"],
]);

export function namedListOf(command: Command, argument: Argument): NamedList | null {
  const group = command.parent?.name() ?? "";
  if (argument.name() !== "name" || MAKING.has(command.name())) return null;
  return group === "profile" || group in NAMED_LISTS ? (group as NamedList) : null;
}

export function namedListOfOption(option: Option): NamedList | null {
  return NAMED_OPTIONS.get(option.attributeName()) ?? null;
}
