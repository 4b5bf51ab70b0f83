#!/usr/bin/env node
// The `enks` command. Plain JavaScript for any Node from 20 on; the program itself runs on the project's own Node.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../scripts/run.mjs";

run([join(dirname(fileURLToPath(import.meta.url)), "..", "src", "cli", "main.ts"), ...process.argv.slice(2)]);
