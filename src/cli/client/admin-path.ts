// Paths of the admin API with names in them.

import { CodedError } from "../../core/coded-error.ts";
import type { AdminErrorCode } from "../../platform/http/admin/admin-error.ts";

/** path`/v1/locations/${name}`: names become one segment each. Throws `request_invalid` for those that no path can carry. */
export function path(texts: TemplateStringsArray, ...names: readonly (string | number)[]): string {
  return texts.map((text, at) => text + (at < names.length ? segment(String(names[at] ?? "")) : "")).join("");
}

function segment(name: string): string {
  // Clients and servers take these for a way through the tree, however they are escaped.
  if (name !== "" && name !== "." && name !== ".." && name.isWellFormed()) return encodeURIComponent(name);
  throw new CodedError<AdminErrorCode>("request_invalid", `nothing can be named "${name}"`);
}
