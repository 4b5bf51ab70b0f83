// Makes a release in a clone: writes the files, builds the package, and its checksums. Commits and publishes nothing.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { git } from "../commits/git.ts";
import { planRelease, ReleaseRefusal, type ReleaseTexts } from "./plan-release.ts";
import { digestMigrations, digestOf } from "./released-migrations.ts";

export interface ReleaseOrder {
  /** The root of the clone. */
  readonly root: string;
  readonly version: string;
  /** The day in UTC: 2026-12-01. */
  readonly date: string;
  /** Where the package and `SHA256SUMS` go; outside of what git looks at, and without a package so far. */
  readonly target: string;
  /** Builds the package of the clone into `target`; throws where it cannot. */
  readonly pack: (root: string, target: string) => Promise<void>;
}

const NAMES = ["package.json", "package-lock.json", "CHANGELOG.md", "released-migrations.json"] as const;

/** The names of what is in `target`. Throws ReleaseRefusal; whatever fails later, the clone is as it was. */
export async function makeRelease({ root, version, date, target, pack }: ReleaseOrder): Promise<string[]> {
  const status = git(root, "status", "--porcelain");
  const tags = git(root, "tag", "--list");
  if (status === null || tags === null) throw new ReleaseRefusal("a release is made in a clone, with git");
  mkdirSync(target, { recursive: true });
  if (packagesIn(target).length > 0) throw new ReleaseRefusal(`${target} has a package already; move it away`);
  const before = readTexts(root);
  const after = planRelease({
    version,
    date,
    status,
    tags: tags.split("\n"),
    texts: before,
    migrations: digestMigrations(root),
  });
  try {
    writeTexts(root, after);
    await pack(root, target);
    return writeChecksums(target);
  } catch (error) {
    writeTexts(root, before);
    throw error;
  }
}

function readTexts(root: string): ReleaseTexts {
  const read = (name: (typeof NAMES)[number]) => readFileSync(join(root, name), "utf8");
  return {
    "package.json": read("package.json"),
    "package-lock.json": read("package-lock.json"),
    "CHANGELOG.md": read("CHANGELOG.md"),
    "released-migrations.json": read("released-migrations.json"),
  };
}

function writeTexts(root: string, texts: ReleaseTexts): void {
  for (const name of NAMES) writeFileSync(join(root, name), texts[name]);
}

function packagesIn(target: string): string[] {
  return readdirSync(target).filter((name) => name.endsWith(".tgz"));
}

/** In the form that `sha256sum --check` reads. */
function writeChecksums(target: string): string[] {
  const names = packagesIn(target);
  if (names.length === 0) throw new Error(`no package was built into ${target}`);
  const lines = names.map((name) => `${digestOf(readFileSync(join(target, name)))}  ${name}\n`);
  writeFileSync(join(target, "SHA256SUMS"), lines.join(""));
  return [...names, "SHA256SUMS"];
}
