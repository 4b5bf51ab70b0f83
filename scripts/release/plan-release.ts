// Decides whether a tree can become a release, and what its files say then. Reads and writes nothing.

import { brokenMigrations, type Digests, type ReleasedMigrations } from "./released-migrations.ts";

/** The tree as it is, and what is wanted. */
export interface ReleaseRequest {
  readonly version: string;
  /** The day of the release in UTC: 2026-12-01. */
  readonly date: string;
  /** What `git status --porcelain` prints. */
  readonly status: string;
  readonly tags: readonly string[];
  readonly texts: ReleaseTexts;
  readonly migrations: Digests;
}

/** The files that a release changes. */
export interface ReleaseTexts {
  readonly "package.json": string;
  readonly "package-lock.json": string;
  readonly "CHANGELOG.md": string;
  readonly "released-migrations.json": string;
}

/** Why there can be no release; the message says what to do. */
export class ReleaseRefusal extends Error {}

const UNRELEASED = /^## Unreleased\n(?<body>[\s\S]*?)(?=^## |(?![\s\S]))/m;

/** The files of the release. Throws ReleaseRefusal. */
export function planRelease(request: ReleaseRequest): ReleaseTexts {
  const { version, date, texts, migrations } = request;
  refuseDirty(request.status);
  refuseVersion(version, JSON.parse(texts["package.json"]).version, request.tags);
  const released: ReleasedMigrations = JSON.parse(texts["released-migrations.json"]);
  const broken = brokenMigrations(released, migrations);
  if (broken.length > 0) {
    throw new ReleaseRefusal(`released migration files have to stay as they were: ${broken.join("; ")}`);
  }
  return {
    "package.json": printed({ ...JSON.parse(texts["package.json"]), version }),
    "package-lock.json": printed(lockOf(JSON.parse(texts["package-lock.json"]), version)),
    "CHANGELOG.md": dateSection(texts["CHANGELOG.md"], version, date),
    "released-migrations.json": printed({ version, files: migrations }),
  };
}

function refuseDirty(status: string): void {
  if (status === "") return;
  const files = status.split("\n").slice(0, 5).join("\n");
  throw new ReleaseRefusal(`the tree differs from its last commit; commit, or take back by git checkout:\n${files}`);
}

function refuseVersion(version: string, present: string, tags: readonly string[]): void {
  const [wanted, had] = [numbersOf(version), numbersOf(present)];
  if (wanted === null || had === null) throw new ReleaseRefusal(`a version is three numbers, as 1.2.3; not ${version}`);
  const at = wanted.findIndex((number, place) => number !== had[place]);
  if (at < 0 || (wanted[at] ?? 0) < (had[at] ?? 0)) {
    throw new ReleaseRefusal(`version ${version} has to be above the present one, ${present}`);
  }
  if (tags.includes(`v${version}`)) throw new ReleaseRefusal(`the tag v${version} is there already`);
}

function numbersOf(version: string): number[] | null {
  return /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}$/.test(version) ? version.split(".").map(Number) : null;
}

interface Lock {
  readonly packages: Readonly<Record<string, object>>;
}

function lockOf(lock: Lock, version: string): object {
  return { ...lock, version, packages: { ...lock.packages, "": { ...lock.packages[""], version } } };
}

/** The section of what is new gets version and day; an empty one for what comes goes before it. */
function dateSection(changelog: string, version: string, date: string): string {
  const body = UNRELEASED.exec(changelog)?.groups?.["body"];
  if (body === undefined) throw new ReleaseRefusal("CHANGELOG.md has no section `## Unreleased`");
  if (!/^[*-] /m.test(body)) throw new ReleaseRefusal("CHANGELOG.md has nothing below `## Unreleased`");
  return changelog.replace("## Unreleased\n", `## Unreleased\n\n## ${version}, ${date}\n`);
}

function printed(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
