// released-migrations.json: the digests of the migration files that the last release had. Databases in use have applied
// them, so their bytes never change again.

import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** SHA-256 in hex by path from the root, with forward slashes. */
export type Digests = Readonly<Record<string, string>>;

export interface ReleasedMigrations {
  /** The release; null before the first one. */
  readonly version: string | null;
  readonly files: Digests;
}

/** The migration files of the tree at `root`, by path. */
export function digestMigrations(root: string): Digests {
  const paths = globSync("src/**/migrations/*.sql", { cwd: root }).map((path) => path.replaceAll("\\", "/"));
  const digests = paths.sort().map((path) => [path, digestOf(readFileSync(join(root, path)))] as const);
  return Object.fromEntries(digests);
}

export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** "path is gone" or "path was changed" for each released file that `present` does not have as it was. */
export function brokenMigrations(released: ReleasedMigrations, present: Digests): string[] {
  return Object.entries(released.files).flatMap(([path, digest]) => {
    const found = present[path];
    if (found === undefined) return [`${path} is gone`];
    return found === digest ? [] : [`${path} was changed`];
  });
}
