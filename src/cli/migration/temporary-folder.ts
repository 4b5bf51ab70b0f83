// Files of a proof in a folder of their own, which is removed at the end.

import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileErrorCode } from "../../platform/files/durable-files.ts";
import type { TemporaryFiles } from "../../proof/proof-types.ts";

/** Gives `use` a folder that lives as long as it does. Throws what `use` throws, and errors of the file system. */
export async function withTemporaryFiles<Result>(use: (files: TemporaryFiles) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "enks-proof-"));
  try {
    return await use({
      append: (name, bytes) => appendFile(join(folder, name), bytes),
      async read(name) {
        try {
          return await readFile(join(folder, name));
        } catch (error) {
          if (fileErrorCode(error) === "ENOENT") return new Uint8Array(0);
          throw error;
        }
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
