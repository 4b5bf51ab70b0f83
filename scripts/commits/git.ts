// Asks git about the clone that this repository is in, where there is one.

import { spawnSync } from "node:child_process";

/** What `git ARGS` prints in `root`, without the last line's end; null where git is missing or refuses. */
export function git(root: string, ...args: readonly string[]): string | null {
  const { status, stdout } = spawnSync("git", [...args], { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
  return status === 0 ? stdout.replace(/\n$/, "") : null;
}
