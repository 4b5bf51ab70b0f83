// Every mark that code and documents cite is explained in docs/reference, and the links to its sources are whole.

import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { anchorsIn, citationsIn, danglingCitations, unresolvedLabels } from "./citations.ts";

const root = join(import.meta.dirname, "..");

/** Text by path of all files that match. */
function read(...patterns: string[]): Map<string, string> {
  const paths = patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
  return new Map(paths.map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

const pages = read("docs/reference/**/*.md");
const anchors = [...pages.values()].flatMap(anchorsIn);
const citing = read("{src,test,bench,scripts,docs}/**/*.{ts,mjs,sql,md,yaml}", "*.md");

// The sheets' names are put in, so that the made-up marks below are none of this repository.
const [KS, DB] = ["KS", "DB"];

const marks = (text: string) => citationsIn(text).map(({ sheet, mark }) => `${sheet} ${mark}`);

describe("a made-up tree", () => {
  test.each([
    ["one mark", `// As it is (${KS} 1.4).`, [`${KS} 1.4`]],
    ["the end of a sentence", `// ${DB} 8. And more.`, [`${DB} 8`]],
    [
      "a list",
      `// ${KS} 3.9, 5.5 and E7; ${DB} I6, I7`,
      [`${KS} 3.9`, `${KS} 5.5`, `${KS} E7`, `${DB} I6`, `${DB} I7`],
    ],
    ["ranges", `// ${KS} 3 to 5, ${KS} 3.6-3.8`, [3, 4, 5, "3.6", "3.7", "3.8"].map((mark) => `${KS} ${mark}`)],
    [
      "the next line of a comment",
      `/**\n * so (${KS}\n * P17), and ${DB} I1,\n * I2 */`,
      [`${KS} P17`, `${DB} I1`, `${DB} I2`],
    ],
    ["a setting behind the mark", `// (${KS} 11.5 MIN_WINDOW_AGE)`, [`${KS} 11.5`]],
    ["no mark", `// TASKS 5, the ${DB} of 3 tables, ${DB}1`, []],
  ])("cites by %s", (_, text, expected) => {
    expect(marks(text)).toEqual(expected);
  });

  test("is refused for each mark without an anchor, by file", () => {
    const texts = new Map([
      ["src/a.ts", `// ${KS} 1.4, 1.5`],
      ["docs/b.md", `| ${DB} I10 |`],
    ]);
    expect(danglingCitations(texts, new Set(["ks-1-4", "ks-1-5", "db-i10"]))).toEqual([]);
    expect(danglingCitations(texts, new Set(["ks-1-4"]))).toEqual([`src/a.ts: ${KS} 1.5`, `docs/b.md: ${DB} I10`]);
  });

  test("is refused for a label without an address, and for an address without a label", () => {
    const page = "See [a/b.go:1-2], [Apple][apple].\n\n[a/b.go:1-2]: https://x\n[apple]: https://y\n";
    expect(unresolvedLabels(page)).toEqual([]);
    expect(unresolvedLabels(page.replace("[apple]: https://y\n", "[c.go:3]: https://z\n"))).toEqual([
      "apple",
      "c.go:3",
    ]);
  });
});

test("every mark that is cited has an anchor in docs/reference", () => {
  expect([...citing.values()].flatMap(citationsIn).length).toBeGreaterThan(500);
  expect(danglingCitations(citing, new Set(anchors))).toEqual([]);
});

test("no anchor is set twice", () => {
  expect(anchors.filter((anchor, at) => anchors.indexOf(anchor) !== at)).toEqual([]);
});

test.each([...pages.keys()])("every label of %s has its address", (path) => {
  expect(unresolvedLabels(pages.get(path) ?? "")).toEqual([]);
});

test("files of other repositories are linked at one full commit each", () => {
  const commits = new Map<string, Set<string>>();
  for (const page of pages.values()) {
    for (const [, repository = "", commit = ""] of page.matchAll(
      /github\.com\/([^/]+\/[^/]+)\/(?:blob|tree)\/([^/)\s]+)/g,
    )) {
      if (!/^v\d/.test(commit)) commits.set(repository, (commits.get(repository) ?? new Set()).add(commit));
    }
  }
  expect(commits.size).toBeGreaterThan(5);
  expect(
    [...commits].filter(([, found]) => found.size > 1 || ![...found].every((id) => /^[0-9a-f]{40}$/.test(id))),
  ).toEqual([]);
});
