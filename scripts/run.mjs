// Runs a TypeScript program of this repository on the project's own Node; sets up first what is missing.
// Plain JavaScript for any Node from 20 on. It starts the other Node by its path, because a shell remembers
// where it found `node` before the set-up and would go on using the old one.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MEMORY_FLAGS, MEMORY_SETTINGS } from "../bin/memory-settings.mjs";
import { findOwnNode, nodeMissing } from "../bin/own-node.mjs";
import { runChild } from "../bin/run-child.mjs";
import { completeInstall } from "./complete-install.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const windows = process.platform === "win32";
const stamp = join(root, "node_modules", ".enks-set-up");

/** The text that changes whenever the dependencies do. */
function wanted() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

function isSetUp() {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === wanted();
}

/** Whatever the user's own configuration of npm leaves out, this needs. */
const NPM = ["ci", "--include=optional", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];

/** Installs what package-lock.json names; answers the project's Node. */
function setUp() {
  console.error("Setting up: the project's own Node and its dependencies (once, about 20 s) ...");
  const npm = spawnSync("npm", NPM, {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: windows,
  });
  if (npm.status !== 0) {
    console.error("Set-up failed: `npm ci` ended with an error, see above.");
    process.exit(1);
  }
  const incomplete = completeInstall(root);
  if (incomplete !== null) {
    console.error(`Set-up failed: ${incomplete}. The next command tries it again.`);
    process.exit(1);
  }
  const node = findOwnNode(root);
  if (node === null) {
    console.error(nodeMissing());
    process.exit(1);
  }
  writeFileSync(stamp, wanted());
  return node;
}

/** Runs `args` on the project's Node in place of this process. */
export function run(args) {
  const ownNode = (isSetUp() ? findOwnNode(root) : null) ?? setUp();
  runChild(ownNode, ["--disable-warning=ExperimentalWarning", ...MEMORY_FLAGS, ...args], {
    env: {
      ...MEMORY_SETTINGS,
      ...process.env,
      // For programs that begin with `#!/usr/bin/env node`.
      PATH: [dirname(ownNode), join(root, "node_modules", ".bin"), process.env.PATH].join(delimiter),
    },
  });
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) {
  run([join(root, process.argv[2]), ...process.argv.slice(3)]);
}
