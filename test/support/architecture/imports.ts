// Finds what a file imports, by its text.

import { posix } from "node:path";
import { codeOf, type SourceTree } from "./source-tree.ts";

const FORMS = [
  /^\s*(?:import|export)\b[^;"'`]*?\bfrom\s*["']([^"']+)["']/gm,
  /^\s*import\s*["']([^"']+)["']/gm,
  /\bimport\(\s*["']([^"']+)["']\s*\)/g,
  // A worker thread's file.
  /\bnew URL\(\s*["'](\.[^"']+\.ts)["'],\s*import\.meta\.url/g,
];

/** Everything that `text` imports, types included: paths from the root for files, names for packages. */
export function importsOf(path: string, text: string): string[] {
  const code = codeOf(text);
  const found = FORMS.flatMap((form) => [...code.matchAll(form)].map((match) => match[1] ?? ""));
  return found.map((name) => (name.startsWith(".") ? posix.join(posix.dirname(path), name) : name));
}

/** Every import, as importing file and imported one, of the files of `tree` that `isLookedAt` accepts. */
export function* allImports(tree: SourceTree, isLookedAt: (path: string) => boolean): Generator<[string, string]> {
  for (const [path, text] of tree) {
    if (!isLookedAt(path)) continue;
    for (const imported of importsOf(path, text)) yield [path, imported];
  }
}
