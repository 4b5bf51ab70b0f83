// A release is made in a clone of a small made-up package, with the real git and npm, or leaves the clone as it was.

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { git } from "../../scripts/commits/git.ts";
import { makeRelease, type ReleaseOrder } from "../../scripts/release/make-release.ts";
import { digestOf } from "../../scripts/release/released-migrations.ts";

const folder = mkdtempSync(join(tmpdir(), "enks-release-"));
const MIGRATION = "src/features/thing/migrations/0001-thing.sql";
const FILES = {
  ".gitignore": "/release/\n",
  "package.json": JSON.stringify({ name: "made-up", version: "0.1.0", files: ["CHANGELOG.md"] }),
  "package-lock.json": JSON.stringify({ name: "made-up", version: "0.1.0", packages: { "": { version: "0.1.0" } } }),
  "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n* A thing.\n",
  "released-migrations.json": JSON.stringify({ version: null, files: {} }),
  [MIGRATION]: "-- A thing.\ncreate table thing (id integer);\n",
};

let count = 0;
let root = "";

async function packForReal(from: string, target: string): Promise<void> {
  const { status, stderr } = spawnSync("npm", ["pack", "--offline", "--pack-destination", target], {
    cwd: from,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
}

const packOnFullDisk = () => Promise.reject(new Error("no disk"));

const order = (change: Partial<ReleaseOrder> = {}): ReleaseOrder => ({
  root,
  version: "0.2.0",
  date: "2026-12-01",
  target: join(root, "release"),
  pack: packForReal,
  ...change,
});

function commitAll(): void {
  git(root, "add", "-A");
  const identity = ["-c", "user.name=tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false"];
  expect(git(root, ...identity, "commit", "-q", "-m", "a: commit")).not.toBeNull();
}

const read = (name: string) => readFileSync(join(root, name), "utf8");

describe("a release", () => {
  beforeEach(() => {
    count += 1;
    root = join(folder, String(count));
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
    git(root, "init", "-q");
    commitAll();
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("has the version, the day, the digests of its migrations, a package and its checksum", async () => {
    expect(await makeRelease(order())).toEqual(["made-up-0.2.0.tgz", "SHA256SUMS"]);
    expect(JSON.parse(read("package.json")).version).toBe("0.2.0");
    expect(JSON.parse(read("package-lock.json"))).toMatchObject({
      version: "0.2.0",
      packages: { "": { version: "0.2.0" } },
    });
    expect(read("CHANGELOG.md")).toContain("## Unreleased\n\n## 0.2.0, 2026-12-01\n\n* A thing.\n");
    expect(JSON.parse(read("released-migrations.json"))).toEqual({
      version: "0.2.0",
      files: { [MIGRATION]: digestOf(Buffer.from(FILES[MIGRATION] ?? "")) },
    });
    const packed = readFileSync(join(root, "release", "made-up-0.2.0.tgz"));
    expect(read("release/SHA256SUMS")).toBe(`${digestOf(packed)}  made-up-0.2.0.tgz\n`);
    const listed = spawnSync("tar", ["-xzOf", join(root, "release", "made-up-0.2.0.tgz"), "package/package.json"]);
    expect(JSON.parse(listed.stdout.toString()).version).toBe("0.2.0");
  });

  test("is refused for a tree with changes, or with files that git does not know", async () => {
    writeFileSync(join(root, "new.txt"), "new");
    await expect(makeRelease(order())).rejects.toThrow("new.txt");
    rmSync(join(root, "new.txt"));
    writeFileSync(join(root, "CHANGELOG.md"), "changed");
    await expect(makeRelease(order())).rejects.toThrow("CHANGELOG.md");
    expect(read("CHANGELOG.md")).toBe("changed");
  });

  test("leaves the clone as it was when the package cannot be built", async () => {
    await expect(makeRelease(order({ pack: packOnFullDisk }))).rejects.toThrow("no disk");
    await expect(makeRelease(order({ pack: async () => {} }))).rejects.toThrow("no package was built");
    expect(git(root, "status", "--porcelain")).toBe("");
  });

  test("is refused after a released migration file was changed, and where a package is in the way", async () => {
    await makeRelease(order());
    commitAll();
    await expect(makeRelease(order({ version: "0.3.0" }))).rejects.toThrow("has a package already");
    rmSync(join(root, "release"), { recursive: true });
    writeFileSync(
      join(root, "CHANGELOG.md"),
      read("CHANGELOG.md").replace("## Unreleased\n", "## Unreleased\n\n* More.\n"),
    );
    writeFileSync(join(root, MIGRATION), "-- Another thing.\n");
    commitAll();
    await expect(makeRelease(order({ version: "0.3.0" }))).rejects.toThrow(`${MIGRATION} was changed`);
  });

  test("is refused outside of a clone", async () => {
    const plain = join(folder, "plain");
    cpSync(root, plain, { recursive: true, filter: (path) => !path.endsWith(".git") });
    writeFileSync(join(plain, ".git"), "no repository");
    await expect(makeRelease(order({ root: plain }))).rejects.toThrow("in a clone");
    expect(existsSync(join(plain, "release"))).toBe(false);
  });
});
