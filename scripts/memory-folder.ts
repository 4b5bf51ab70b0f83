// A folder in memory for what tests write: their databases are made and thrown away hundreds of times.

import { accessSync, constants, readFileSync, statfsSync } from "node:fs";

const FOLDER = "/dev/shm";
const ENOUGH_BYTES = 4 * 1_024 ** 3;

/** Where such a folder is, is large enough, and may hold programs; undefined otherwise. */
export function findMemoryFolder(): string | undefined {
  try {
    const [, , type, options = ""] = mountOf(FOLDER) ?? [];
    const { bavail, bsize } = statfsSync(FOLDER);
    accessSync(FOLDER, constants.W_OK);
    const isFit = type === "tmpfs" && !options.split(",").includes("noexec") && bavail * bsize >= ENOUGH_BYTES;
    return isFit ? FOLDER : undefined;
  } catch {
    return undefined;
  }
}

function mountOf(folder: string): string[] | undefined {
  const mounts = readFileSync("/proc/mounts", "utf8").split("\n");
  return mounts.map((line) => line.split(" ")).find(([, place]) => place === folder);
}
