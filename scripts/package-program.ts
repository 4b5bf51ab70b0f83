// Finds the program of an installed package, to be run by the project's own Node.

import { readFileSync } from "node:fs";
import { join } from "node:path";

const modules = join(import.meta.dirname, "..", "node_modules");

/**
 * The JavaScript file of program `program` in package `name`. A link in `node_modules/.bin` would run on the first
 * `node` of the path instead, and is no program of its own on Windows.
 */
export function packageProgram(name: string, program = name): string {
  const manifest: { readonly bin: string | Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(modules, name, "package.json"), "utf8"),
  );
  const file = typeof manifest.bin === "string" ? manifest.bin : manifest.bin[program];
  if (file === undefined) throw new Error(`the package ${name} has no program ${program}`);
  return join(modules, name, file);
}
