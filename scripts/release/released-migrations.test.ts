// Migration files that were released are as they were.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { brokenMigrations, digestMigrations } from "./released-migrations.ts";

const root = join(import.meta.dirname, "..", "..");

test("a released file that is changed or gone is named, a new one is good", () => {
  const released = { version: "1.0.0", files: { "a.sql": "1", "b.sql": "2", "c.sql": "3" } };
  expect(brokenMigrations(released, { "a.sql": "1", "b.sql": "2", "c.sql": "3", "d.sql": "4" })).toEqual([]);
  expect(brokenMigrations(released, { "a.sql": "1", "b.sql": "9" })).toEqual(["b.sql was changed", "c.sql is gone"]);
});

test("the migration files are found, with a digest each", () => {
  const digests = digestMigrations(root);
  expect(Object.keys(digests).length).toBeGreaterThan(20);
  expect(digests["src/features/import/migrations/0001-import.sql"]).toMatch(/^[0-9a-f]{64}$/);
});

test("no migration file of the last release was changed; add a new one with the next number instead", () => {
  const released = JSON.parse(readFileSync(join(root, "released-migrations.json"), "utf8"));
  expect(brokenMigrations(released, digestMigrations(root))).toEqual([]);
});
