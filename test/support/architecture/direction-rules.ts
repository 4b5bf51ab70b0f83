// Which folder may import which, and no cycles.

import { allImports, importsOf } from "./imports.ts";
import { isTest, type SourceTree } from "./source-tree.ts";

const BELOW: Record<string, readonly string[]> = {
  core: [],
  archive: ["core"],
  device: ["core", "archive"],
  client: ["core", "archive"],
  proof: ["core", "archive"],
  platform: ["core"],
  features: ["core", "archive", "proof", "platform"],
  app: ["core", "archive", "proof", "platform", "features"],
  simulation: ["core", "archive", "proof", "platform", "features", "app", "device", "client"],
  cli: ["core", "archive", "proof", "platform", "features", "app", "device", "client", "simulation"],
};

const FEATURE_USES: Record<string, readonly string[]> = {
  publish: ["exposures", "verification", "revision", "stats"],
  import: ["exposures", "upstreams"],
  federation: ["exposures"],
  export: ["exposures", "locations"],
  mirror: ["locations", "upstreams"],
  migration: ["upstreams"],
};

/** Imports against the directions of ARCHITECTURE.md. */
export function wrongDirections(tree: SourceTree): string[] {
  const wrong: string[] = [];
  for (const [path, imported] of allImports(tree, (file) => file.startsWith("src/"))) {
    if (!mayImport(path, imported)) wrong.push(`${path} imports ${imported}`);
  }
  return wrong;
}

function mayImport(path: string, imported: string): boolean {
  const [, folder = "", feature = ""] = path.split("/");
  const [top, target = "", targetFeature = ""] = imported.split("/");
  if (top === "test") return isTest(path);
  if (top !== "src") return !imported.startsWith("..") && (folder !== "core" || isTest(path));
  if (folder === "features" && target === "features") {
    return feature === targetFeature || (FEATURE_USES[feature] ?? []).includes(targetFeature);
  }
  return folder === target || (BELOW[folder] ?? []).includes(target);
}

/** Circles of files that import each other, type imports included; each circle once. */
export function importCycles(tree: SourceTree): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, above: readonly string[]): void => {
    const since = above.indexOf(path);
    if (since >= 0) cycles.push([...above.slice(since), path].join(" -> "));
    if (since >= 0 || done.has(path)) return;
    const text = tree.get(path) ?? "";
    for (const imported of importsOf(path, text)) if (tree.has(imported)) visit(imported, [...above, path]);
    done.add(path);
  };
  for (const path of tree.keys()) visit(path, []);
  return cycles;
}
