#!/usr/bin/env node
// The `enks` command. Plain JavaScript for any Node from 20 on; the program itself runs on the Node that it brings.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { MEMORY_FLAGS, MEMORY_SETTINGS } from "./memory-settings.mjs";
import { findOwnNode, nodeMissing } from "./own-node.mjs";
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
  const ownNode = findOwnNode(root);
  if (ownNode === null) {
    console.error(nodeMissing());
    process.exit(1);
  }
  runChild(ownNode, ["--disable-warning=ExperimentalWarning", ...MEMORY_FLAGS, ...programAndArgs], {
    env: { ...MEMORY_SETTINGS, ...process.env },
  });
}
