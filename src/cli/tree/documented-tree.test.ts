// docs/operate/configuration-tree.md describes every member of a tree, and none that is gone; its example is one.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTree } from "./read-tree.ts";
import { type Field, KINDS } from "./tree-kinds.ts";

const text = readFileSync(
  join(import.meta.dirname, "..", "..", "..", "docs", "operate", "configuration-tree.md"),
  "utf8",
);

/** The rows below a heading, up to the next one: name, and what is said of it. */
function rowsBelow(section: string): string[] {
  const [, rest = ""] = text.split(`### \`${section}\`\n`);
  const [below = ""] = rest.split(/^#+ /m);
  return [...below.matchAll(/^\| `(\w+)` +\|.*\| *([^|]*?) *\|$/gm)].map(([, name = "", words = ""]) =>
    `${name} ${words.replace(/; [^r].*$/, "")}`.trim(),
  );
}

function rowOf({ name, fixed, required, atFirst }: Field): string {
  const words = [fixed && "fixed", required && "required", atFirst && "once"].filter(Boolean);
  return `${name} ${words.join("; ")}`.trim();
}

test.each(Object.values(KINDS).filter(({ section }) => section !== "signingKeys"))(
  "the members of $section",
  ({ section, fields, parts }) => {
    // Trusted keys are described once, with the sources.
    const ofParts = parts === undefined || section === "mirrors" ? [] : parts.fields;
    const described = parts === undefined ? [] : [parts.section];
    expect(rowsBelow(section)).toEqual([...fields.map(rowOf), ...described, ...ofParts.map(rowOf)]);
  },
);

test("the example", () => {
  const [, example = ""] = /```yaml\n([\s\S]*?)```/.exec(text) ?? [];
  const { locations, exports, sources, authorities, apps } = readTree(example, "the example");
  expect([locations, exports, sources, authorities, apps].map((items) => items.length)).toEqual([1, 1, 1, 1, 1]);
});
