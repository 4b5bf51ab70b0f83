// Finds the Node that enks brings along. Plain JavaScript for any Node from 20 on.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** The first version that runs TypeScript and has what the program calls. */
const OLDEST_MAJOR = 26;

/**
 * The path of the Node in the package for this platform, else of the Node that runs this where it is new enough, else
 * null. `root` is the folder of enks' package.json. The link `node_modules/.bin/node` is no way there: npm before 11.6.2
 * does not make it where several optional packages have a program of that name.
 */
export function findOwnNode(root) {
  const require = createRequire(join(root, "package.json"));
  const { optionalDependencies = {} } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const name of Object.keys(optionalDependencies)) {
    const found = nodeOf(name, require);
    if (found !== null) return found;
  }
  return Number(process.versions.node.split(".")[0]) >= OLDEST_MAJOR ? process.execPath : null;
}

/** The program of an installed package for this platform; npm leaves out those for other ones. */
function nodeOf(name, require) {
  let manifest;
  try {
    manifest = require.resolve(`${name}/package.json`);
  } catch {
    return null;
  }
  const { os = [], cpu = [], bin } = JSON.parse(readFileSync(manifest, "utf8"));
  if (![os].flat().includes(process.platform) || ![cpu].flat().includes(process.arch)) return null;
  return join(dirname(manifest), typeof bin === "string" ? bin : bin.node);
}

/** What to say where there is none. */
export function nodeMissing() {
  return [
    `error node_missing: there is no Node package for ${process.platform}-${process.arch}.`,
    `Install Node ${OLDEST_MAJOR} or newer and run enks with it.`,
  ].join("\n");
}
