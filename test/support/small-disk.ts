// A disk of few megabytes that a test can fill, where this user may mount one.

import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, statSync, truncateSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface SmallDisk extends Disposable {
  readonly folder: string;
  /** Leaves so many bytes free, by default none. */
  fill(leaving?: number): void;
  /** Frees again what `fill` took. */
  makeRoom(): void;
}

/** null: this user may not mount anything. */
export function mountSmallDisk(megabytes: number): SmallDisk | null {
  const folder = mkdtempSync(join(tmpdir(), "small-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder]);
  if (mounted.status !== 0) {
    rmdirSync(folder);
    return null;
  }
  const ballast = join(folder, "ballast");
  return {
    folder,
    fill(leaving = 0) {
      writeUntilFull(ballast);
      truncateSync(ballast, statSync(ballast).size - leaving);
    },
    makeRoom: () => rmSync(ballast, { force: true }),
    [Symbol.dispose]() {
      spawnSync("umount", ["--lazy", folder]);
      rmdirSync(folder);
    },
  };
}

function writeUntilFull(path: string): void {
  const file = openSync(path, "a");
  for (const size of [1_024 ** 2, 4_096, 1]) {
    try {
      for (;;) writeSync(file, Buffer.alloc(size));
    } catch {
      // No room for that much.
    }
  }
  closeSync(file);
}
