// What every file looks like.

import { basename } from "node:path";
import { codeOf, type SourceTree } from "./source-tree.ts";

const MOST_LINES = 400;

/** Files that do not begin with a comment of one line on their purpose. */
export function withoutPurpose(tree: SourceTree): string[] {
  return pathsWhere(tree, (text, path) => {
    const [first = ""] = text.replace(/^#!.*\n/, "").split("\n");
    return !(path.endsWith(".sql") ? /^-- \S/ : /^\/\/ \S/).test(first);
  });
}

/** Files with more lines than anybody reads at once. */
export function tooLong(tree: SourceTree): string[] {
  return pathsWhere(tree, (text) => text.split("\n").length - 1 > MOST_LINES);
}

/** Files with a default export, which every importer may call differently. */
export function defaultExports(tree: SourceTree): string[] {
  return pathsWhere(tree, (text) => /^\s*export\s+(?:default\b|\{[^}]*\bas\s+default\b)/m.test(codeOf(text)));
}

/** Files that only pass on what others export. */
export function barrelFiles(tree: SourceTree): string[] {
  return pathsWhere(tree, (text, path) => basename(path) === "index.ts" || /^\s*export\s+\*/m.test(codeOf(text)));
}

function pathsWhere(tree: SourceTree, isWrong: (text: string, path: string) => boolean): string[] {
  return [...tree].filter(([path, text]) => isWrong(text, path)).map(([path]) => path);
}
