// Installs one counterpart into its folder: whole, or not at all.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { COUNTERPARTS, type Counterpart, type CounterpartName, folderOf } from "./counterparts.ts";

const run = promisify(execFile);
const MOST_MINUTES = 12;

/** Null where it is there; else why it cannot be had. */
export async function installCounterpart(name: CounterpartName): Promise<string | null> {
  const folder = folderOf(name);
  if (existsSync(folder)) return null;
  const unfinished = `${folder}.${process.pid}.unfinished`;
  try {
    await mkdir(unfinished, { recursive: true });
    await install(COUNTERPARTS[name], unfinished);
    await rename(unfinished, folder);
    return null;
  } catch (error) {
    return existsSync(folder) ? null : reasonOf(error);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function install(counterpart: Counterpart, folder: string): Promise<void> {
  const timeout = MOST_MINUTES * 60_000;
  if (counterpart.kind === "go") {
    const environment = { ...process.env, GOBIN: folder };
    await run("go", ["install", `${counterpart.source}@${counterpart.version}`], { env: environment, timeout });
    return;
  }
  await writeFile(join(folder, "package.json"), '{ "private": true }\n');
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--loglevel=error"];
  await run("npm", ["install", ...quiet, ...counterpart.packages], { cwd: folder, timeout });
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return `the program "${String(Reflect.get(Object(error), "path"))}" is not installed`;
  const lines = String(error).trim().split("\n");
  return (lines.at(-1) ?? "").slice(0, 200);
}
