// docs/compatibility.md names the test behind each difference; each of those tests has to exist.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");

/** The names that stand in italics in the last column of the document's tables. */
function namedTests(document: string): string[] {
  const rows = document.split("\n").filter((line) => line.startsWith("|"));
  return rows.flatMap((row) => {
    const last = row.split("|").at(-2) ?? "";
    return [...last.matchAll(/\*([^*]+)\*/g)].map(([, name]) => name ?? "");
  });
}

function missingTests(names: readonly string[], tests: string): string[] {
  return names.filter((name) => !tests.includes(name));
}

function readTests(): string {
  return ["src", "test"]
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((file) => join(root, folder, file)),
    )
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => readFileSync(file, "utf8"))
    .join("\n");
}

test("every test that docs/compatibility.md names exists", () => {
  const names = namedTests(readFileSync(join(root, "docs", "compatibility.md"), "utf8"));
  expect(names.length).toBeGreaterThan(30);
  expect(missingTests(names, readTests())).toEqual([]);
});

test("a name that stands in no test is found", () => {
  const names = namedTests("| E1 | this | that | *a test that is there* *another* |\n| -- | -- | -- | -- |");
  expect(names).toEqual(["a test that is there", "another"]);
  expect(missingTests(names, 'test("a test that is there", () => {})')).toEqual(["another"]);
});
