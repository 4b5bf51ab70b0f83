// Commits are listed in whole clones, shallow ones, and not at all where there is no git.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { git } from "./git.ts";
import { listCommits } from "./list-commits.ts";

const folder = mkdtempSync(join(tmpdir(), "enks-commits-"));
const origin = join(folder, "origin");
let first = "";

function commit(subject: string): void {
  const identity = ["-c", "user.name=tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false"];
  if (git(origin, ...identity, "commit", "-q", "--allow-empty", "-m", subject) === null) throw new Error(subject);
}

function cloneOf(name: string, ...options: readonly string[]): string {
  const path = join(folder, name);
  expect(git(folder, "clone", "-q", ...options, pathToFileURL(origin).href, path)).not.toBeNull();
  return path;
}

const subjectsOf = (root: string) => {
  const found = listCommits(root, first);
  return "untold" in found ? found.untold : found.commits.map(({ subject }) => subject);
};

describe("commits since the first one", () => {
  beforeAll(() => {
    mkdirSync(origin);
    git(origin, "init", "-q");
    commit("before");
    first = git(origin, "rev-parse", "HEAD") ?? "";
    for (const subject of ["a: one", "b: two", "c: three"]) commit(subject);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("are those behind it", () => {
    expect(subjectsOf(cloneOf("whole"))).toEqual(["c: three", "b: two", "a: one"]);
  });

  test("are all of a shallow clone that does not have it", () => {
    expect(subjectsOf(cloneOf("shallow", "--depth", "2"))).toEqual(["c: three", "b: two"]);
  });

  test("are not told in another history", () => {
    expect(listCommits(cloneOf("other"), "1".repeat(40))).toEqual({
      untold: expect.stringContaining("another history"),
    });
  });

  test("are not told in a folder of another repository, nor outside of any", () => {
    const inside = join(cloneOf("host"), "node_modules");
    mkdirSync(inside);
    expect(subjectsOf(inside)).toContain("another repository");
    const outside = join(folder, "plain");
    mkdirSync(outside);
    writeFileSync(join(outside, ".git"), "no repository");
    expect(subjectsOf(outside)).toContain("no clone");
  });
});
