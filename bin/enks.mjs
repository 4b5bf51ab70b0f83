#!/usr/bin/env node
// The `enks` command. Plain JavaScript for any Node from 20 on; the program itself runs on the Node that it brings.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MEMORY_FLAGS, MEMORY_SETTINGS } from "./memory-settings.mjs";
import { runChild } from "./run-child.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const args = process.argv.slice(2);

if (existsSync(join(root, "src"))) {
  const { run } = await import("../scripts/run.mjs");
  run([join(root, "src", "cli", "main.ts"), ...args]);
} else {
  runPackaged([join(root, "dist", "cli", "main.js"), ...args]);
}

/** Runs the package's own JavaScript in place of this process. */
function runPackaged(programAndArgs) {
  runChild(ownNode(), ["--disable-warning=ExperimentalWarning", ...MEMORY_FLAGS, ...programAndArgs], {
    env: { ...MEMORY_SETTINGS, ...process.env },
  });
}

/** The Node of the platform's package; the one that runs this where npm left that out and it is new enough. */
function ownNode() {
  const require = createRequire(import.meta.url);
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  for (const name of Object.keys(optionalDependencies)) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      const { os = [], cpu = [], bin } = JSON.parse(readFileSync(manifest, "utf8"));
      if (![os].flat().includes(process.platform) || ![cpu].flat().includes(process.arch)) continue;
      return join(dirname(manifest), typeof bin === "string" ? bin : bin.node);
    } catch {
      // Not for this platform.
    }
  }
  if (Number(process.versions.node.split(".")[0]) >= 26) return process.execPath;
  console.error(`error node_missing: there is no Node package for ${process.platform}-${process.arch}.`);
  console.error("Install Node 26 or newer and run enks with it.");
  return process.exit(1);
}
