// What a release changes, and which trees are refused.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planRelease, ReleaseRefusal, type ReleaseRequest } from "./plan-release.ts";

const root = join(import.meta.dirname, "..", "..");
const json = (value: object) => `${JSON.stringify(value, null, 2)}\n`;

const request: ReleaseRequest = {
  version: "0.2.0",
  date: "2026-12-01",
  status: "",
  tags: ["v0.1.0"],
  texts: {
    "package.json": json({ name: "enks", version: "0.1.0", files: ["bin"] }),
    "package-lock.json": json({
      name: "enks",
      version: "0.1.0",
      packages: { "": { version: "0.1.0" }, x: { version: "0.1.0" } },
    }),
    "CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n* New.\n\n## 0.1.0, 2026-01-01\n\n* Old.\n",
    "released-migrations.json": json({ version: "0.1.0", files: { "src/a.sql": "1" } }),
  },
  migrations: { "src/a.sql": "1", "src/b.sql": "2" },
};

const withText = (name: keyof ReleaseRequest["texts"], text: string): Partial<ReleaseRequest> => ({
  texts: { ...request.texts, [name]: text },
});

test("a release has its version everywhere, a dated section, and the digests of its migrations", () => {
  const planned = planRelease(request);
  expect(JSON.parse(planned["package.json"])).toEqual({ name: "enks", version: "0.2.0", files: ["bin"] });
  expect(JSON.parse(planned["package-lock.json"])).toEqual({
    name: "enks",
    version: "0.2.0",
    packages: { "": { version: "0.2.0" }, x: { version: "0.1.0" } },
  });
  expect(planned["CHANGELOG.md"]).toBe(
    "# Changelog\n\n## Unreleased\n\n## 0.2.0, 2026-12-01\n\n* New.\n\n## 0.1.0, 2026-01-01\n\n* Old.\n",
  );
  expect(JSON.parse(planned["released-migrations.json"])).toEqual({ version: "0.2.0", files: request.migrations });
});

test.each(["0.1.1", "0.2.0", "1.0.0", "0.10.0"])("%s is above 0.1.0", (version) => {
  expect(JSON.parse(planRelease({ ...request, version })["package.json"]).version).toBe(version);
});

describe("refused is", () => {
  test.each<[string, Partial<ReleaseRequest>, string]>([
    ["a dirty tree", { status: " M src/a.ts\n?? b.ts" }, "differs from its last commit"],
    ["the same version", { version: "0.1.0" }, "above the present one"],
    ["a lower version", { version: "0.0.9" }, "above the present one"],
    ["a version of another form", { version: "v0.2" }, "three numbers"],
    ["a version with a first zero", { version: "0.02.0" }, "three numbers"],
    ["a version with a tag", { tags: ["v0.2.0"] }, "tag v0.2.0"],
    ["a changelog without the section", withText("CHANGELOG.md", "# Changelog\n"), "no section"],
    ["an empty section", withText("CHANGELOG.md", "# C\n\n## Unreleased\n\n## 0.1.0\n\n* Old.\n"), "nothing below"],
    ["a changed migration", { migrations: { "src/a.sql": "9" } }, "src/a.sql was changed"],
  ])("%s", (_, change, message) => {
    const plan = () => planRelease({ ...request, ...change });
    expect(plan).toThrow(ReleaseRefusal);
    expect(plan).toThrow(message);
  });
});

test.each(["package.json", "package-lock.json", "released-migrations.json"])(
  "%s is written as it is printed",
  (name) => {
    const text = readFileSync(join(root, name), "utf8");
    expect(json(JSON.parse(text))).toBe(text);
  },
);
