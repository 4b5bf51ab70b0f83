// The repository's own files as the architecture rules see them.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Text by path from the repository's root, with forward slashes. */
export type SourceTree = ReadonlyMap<string, string>;

const LOOKED_AT = /\.(ts|mjs|sql)$/;

/** Reads every TypeScript, JavaScript and SQL file in those of `folders` that `root` has. */
export function readSourceTree(root: string, folders: readonly string[]): SourceTree {
  const tree = new Map<string, string>();
  for (const folder of folders.filter((name) => existsSync(join(root, name)))) {
    for (const entry of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })) {
      const path = `${folder}/${entry.replaceAll("\\", "/")}`;
      if (LOOKED_AT.test(path) && !path.includes("/generated/")) tree.set(path, readFileSync(join(root, path), "utf8"));
    }
  }
  return tree;
}

export function isTest(path: string): boolean {
  return path.endsWith(".test.ts") || path.startsWith("test/") || path.includes("/testing/");
}

/** The text without comments; those behind code on its line stay. */
export function codeOf(text: string): string {
  return text
    .replaceAll(/^[ \t]*\/\*[\s\S]*?\*\//gm, "")
    .replaceAll(/^[ \t]*\/\/.*$/gm, "")
    .replaceAll(/^[ \t]*--.*$/gm, "");
}
