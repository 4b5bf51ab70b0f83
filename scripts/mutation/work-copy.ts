// A copy of the repository in which one source file at a time is changed.

import { spawn } from "node:child_process";
import { cpSync, existsSync, globSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { applyChange, type Mutant } from "./mutant.ts";

const LEFT_OUT = [".git", "dist", ".cache"];

const UNCHANGED = ".unchanged";

/** Copies `root` to `folder`, once; afterwards only takes back what an interrupted run left there. */
export function makeWorkCopy(root: string, folder: string): void {
  const ready = join(folder, ".ready");
  if (existsSync(ready)) {
    const left = globSync(`src/features/**/*${UNCHANGED}`, { cwd: folder }).map((path) => join(folder, path));
    for (const path of left) renameSync(path, path.slice(0, -UNCHANGED.length));
    return;
  }
  const filter = (path: string) =>
    !LEFT_OUT.some((name) => path === join(root, name) || path.endsWith(`/node_modules/${name}`));
  cpSync(root, folder, { recursive: true, verbatimSymlinks: true, filter });
  writeFileSync(ready, "");
}

/** Does `work` while the mutant is in place. */
export async function withMutant<T>(folder: string, mutant: Mutant, work: () => Promise<T>): Promise<T> {
  const path = join(folder, mutant.file);
  const text = readFileSync(path, "utf8");
  if (text.slice(mutant.start, mutant.end) !== mutant.original) throw new Error(`${path} is not what was mutated`);
  writeFileSync(path + UNCHANGED, text);
  writeFileSync(path, applyChange(text, mutant));
  try {
    return await work();
  } finally {
    renameSync(path + UNCHANGED, path);
  }
}

/** What is wrong with the types of the copy, one line each without its place. Words that are not used are no mistake. */
export async function findTypeErrors(folder: string): Promise<string[]> {
  const unused = ["--noUnusedLocals", "false", "--noUnusedParameters", "false"];
  const args = ["-p", ".", "--pretty", "false", "--incremental", "--tsBuildInfoFile", ".types", ...unused];
  const child = spawn(process.execPath, [join("node_modules", "typescript", "bin", "tsc"), ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) lines.push(line.replace(/\(\d+,\d+\)/u, ""));
  return lines;
}
