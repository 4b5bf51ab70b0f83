// docs/audit/compatibility.md names the test behind each difference and each grave defect of the reference server; each of
// those tests has to exist.

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

/** The defects that docs/reference calls so severe (KS 13). */
function defectsOf(severity: string): string[] {
  const page = readFileSync(join(root, "docs", "reference", "key-server", "defects.md"), "utf8");
  return [...page.matchAll(/^\| <a id="[^"]+"><\/a>([A-Z]\d+) \| (\w+) \|/gmu)].flatMap(([, id = "", found]) =>
    found === severity ? [id] : [],
  );
}

const GRAVE_DEFECTS = { C: defectsOf("critical"), H: defectsOf("high") };

/** Of cloud services that this server does not use. */
const NOT_THERE = ["X5"];

interface DefectRow {
  readonly id: string;
  readonly severity: string;
  readonly last: string;
}

function defectRows(document: string): DefectRow[] {
  const [, section = ""] = document.split("## Critical and high defects");
  const rows = (section.split("\n## ")[0] ?? "").split("\n").filter((line) => /^\| [A-Z]\d/u.test(line));
  return rows.map((row) => {
    const [, id = "", severity = "", , last = ""] = row.split("|").map((cell) => cell.trim());
    return { id, severity, last };
  });
}

/** What is wrong with the list: a defect that is not there, or has no test that is named after it. */
function findUnproven(rows: readonly DefectRow[]): string[] {
  const wanted = Object.entries(GRAVE_DEFECTS).flatMap(([severity, ids]) => ids.map((id) => ({ id, severity })));
  const missing = wanted.filter((one) => !rows.some(({ id, severity }) => id === one.id && severity === one.severity));
  const unnamed = rows.filter(({ id, last }) => {
    const isNamed = namedTests(`| ${last} |`).some((name) => new RegExp(`\\b${id}\\b`, "u").test(name));
    return NOT_THERE.includes(id) ? !last.startsWith("not there") : !isNamed;
  });
  return [...missing, ...unnamed].map(({ id }) => id);
}

test("every critical or high defect of the reference server has a test that is named after it", () => {
  const rows = defectRows(readFileSync(join(root, "docs", "audit", "compatibility.md"), "utf8"));
  expect(rows).toHaveLength(Object.values(GRAVE_DEFECTS).flat().length);
  expect(findUnproven(rows)).toEqual([]);
});

test("a defect that is left out, has another severity, or a test of another name is found", () => {
  const rows = defectRows(readFileSync(join(root, "docs", "audit", "compatibility.md"), "utf8"));
  expect(findUnproven(rows.filter(({ id }) => id !== "M1"))).toEqual(["M1"]);
  expect(findUnproven(rows.map((row) => (row.id === "E3" ? { ...row, severity: "H" } : row)))).toEqual(["E3"]);
  expect(findUnproven(rows.map((row) => (row.id === "I1" ? { ...row, last: "*I11: another*" } : row)))).toEqual(["I1"]);
});

test("every test that docs/audit/compatibility.md names exists", () => {
  const names = namedTests(readFileSync(join(root, "docs", "audit", "compatibility.md"), "utf8"));
  expect(names.length).toBeGreaterThan(30);
  expect(missingTests(names, readTests())).toEqual([]);
});

test("a name that stands in no test is found", () => {
  const names = namedTests("| E1 | this | that | *a test that is there* *another* |\n| -- | -- | -- | -- |");
  expect(names).toEqual(["a test that is there", "another"]);
  expect(missingTests(names, 'test("a test that is there", () => {})')).toEqual(["another"]);
});
