// Which version of the program this is.

import { readFileSync } from "node:fs";
import { join } from "node:path";

/** As the package says it; the same from its source and from its emitted JavaScript. */
export function readProgramVersion(): string {
  const text = readFileSync(join(import.meta.dirname, "..", "..", "package.json"), "utf8");
  const { version }: { version?: unknown } = JSON.parse(text);
  return typeof version === "string" ? version : "unknown";
}
