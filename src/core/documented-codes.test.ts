// docs/errors.md names every stable code of the program, and none that is gone.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readSourceTree } from "../../test/support/architecture/source-tree.ts";
import { codesInDocument, codesInSource, differencesOf } from "../../test/support/documents/error-codes.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const repository = readSourceTree(root, ["src"]);

describe("codes in the source are found", () => {
  test.each([
    ["a union on one line", 'export type TreeErrorCode = "tree_cut" | "tree_ill";', ["tree_cut", "tree_ill"]],
    [
      "a union on several lines, with comments",
      'export type TreeErrorCode =\n  /** Cut; or "felled". */\n  | "tree_cut"\n  // Sick.\n  | "tree_ill";\n',
      ["tree_cut", "tree_ill"],
    ],
    [
      "a list of constants",
      'const CODES = [\n  "tree_cut",\n  /** Sick. */\n  "tree_ill",\n] as const;\ntype TreeErrorCode = (typeof CODES)[number];',
      ["tree_cut", "tree_ill"],
    ],
    ["a union with another", 'type TreeErrorCode = LeafRefusal | "tree_cut";', ["tree_cut"]],
  ])("in %s", (_, text, codes) => {
    expect([...codesInSource(new Map([["src/a.ts", text]]))]).toEqual(codes.map((code) => `TreeErrorCode ${code}`));
  });

  test.each([
    'throw new CodedError("tree_cut", "It is cut.");',
    'throw new CodedError<A | B>(\n  "tree_cut",\n  "It is cut.");',
    'return refuse(reply, 404, "tree_cut");',
    'const code = codeOf(error) ?? "tree_cut";',
  ])("where no type has them: %s", (text) => {
    expect([...codesInSource(new Map([["src/a.ts", text]]))]).toEqual(["- tree_cut"]);
    const typed = new Map([["src/a.ts", text]]).set("src/b.ts", 'type TreeErrorCode = "tree_cut";');
    expect([...codesInSource(typed)]).toEqual(["TreeErrorCode tree_cut"]);
  });

  test("but not in tests, in comments or in other types", () => {
    const tree = new Map([
      ["src/a.test.ts", 'type TreeErrorCode = "tree_cut";'],
      ["src/b.ts", '// new CodedError("tree_cut")\nexport type TreeKind = "oak" | "elm";'],
      ["test/c.ts", 'new CodedError("tree_cut");'],
    ]);
    expect([...codesInSource(tree)]).toEqual([]);
  });
});

describe("a document", () => {
  const tree = new Map([["src/a.ts", 'type TreeErrorCode = "tree_cut";\nnew CodedError("leaf_lost");']]);

  test("agrees when it has each code below the name of its type", () => {
    expect(differencesOf(tree, documentOf("### `TreeErrorCode` (src/a.ts)", "tree_cut"))).toEqual([]);
  });

  test("that lacks a code, or has it below another name, does not", () => {
    expect(differencesOf(tree, documentOf("### `TreeErrorCode`"))).toEqual(["not documented: TreeErrorCode tree_cut"]);
    expect(differencesOf(tree, documentOf("### `LeafRefusal`", "tree_cut"))).toContain(
      "not documented: TreeErrorCode tree_cut",
    );
  });

  test("that has a code which is gone does not", () => {
    expect(differencesOf(tree, documentOf("### `TreeErrorCode`", "tree_cut", "tree_ill"))).toEqual([
      "documented but gone: TreeErrorCode tree_ill",
    ]);
  });
});

describe("docs/errors.md", () => {
  test("names every code, and none that is gone", () => {
    expect(differencesOf(repository, readFileSync(`${root}/docs/errors.md`, "utf8"))).toEqual([]);
  });

  test("has a way out of every code", () => {
    const rows = readFileSync(`${root}/docs/errors.md`, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| `"));
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter((row) => /\|\s*none\b[^|]*\|\s*$/.test(row))).toEqual([]);
  });

  test("is compared with what was really read", () => {
    const codes = codesInSource(repository);
    expect(codes.size).toBeGreaterThan(100);
    for (const known of ["ArchiveErrorCode archive_unsigned", "SaveOutcome awaiting", "- period_invalid"]) {
      expect(codes).toContain(known);
    }
    expect(codesInDocument("| `x` |")).toContain("- x");
  });
});

/** A document that has `leaf_lost` without a type, then `codes` below `heading`. */
function documentOf(heading: string, ...codes: string[]): string {
  const rows = codes.map((code) => `| \`${code}\`  | x |`);
  return ["# Codes", "| `leaf_lost` | x |", heading, ...rows].join("\n\n");
}
