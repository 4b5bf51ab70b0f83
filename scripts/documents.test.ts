// The documents: every link leads somewhere, and the front page stays short.

import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { anchorsIn } from "./citations.ts";

const root = join(import.meta.dirname, "..");
const documents = ["*.md", "docs/**/*.md"].flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
const textOf = (path: string) => readFileSync(join(root, path), "utf8");

/** Relative links outside of code, as they are written. */
function linksOf(document: string): string[] {
  const prose = document.replaceAll(/^```[\s\S]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => (/^[a-z]+:/.test(link) ? [] : [link]));
}

/** The anchors that headings get where the documents are read, and those that are written. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
  return new Set([...headings, ...anchorsIn(text)]);
}

function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
}

function isBroken(document: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? document : relative(root, join(root, dirname(document), path));
  if (!existsSync(join(root, target))) return true;
  return anchor !== undefined && !anchorsOf(textOf(target)).has(anchor);
}

test.each(documents)("every link of %s leads somewhere", (document) => {
  expect(linksOf(textOf(document)).filter((link) => isBroken(document, link))).toEqual([]);
});

test("a link that leads nowhere is noticed", () => {
  expect(["nowhere.md", "#nothing", "docs/glossary.md#nothing"].filter((link) => !isBroken("README.md", link))).toEqual(
    [],
  );
  expect(isBroken("README.md", "docs/glossary.md#our-words")).toBe(false);
});

test("every document below docs/ is found from docs/README.md, the list of decisions or that of the reference", () => {
  const listed = new Set(
    ["docs/README.md", "docs/decisions/README.md", "docs/reference/README.md"].flatMap((list) =>
      linksOf(textOf(list)).map((link) => relative(root, join(root, dirname(list), link.split("#")[0] ?? ""))),
    ),
  );
  const below = documents.filter((document) => document.startsWith("docs/") && document !== "docs/README.md");
  expect(below.filter((document) => !listed.has(document))).toEqual([]);
});

function wordsOf(command: string): string[] {
  return command.split(" ").filter((word) => !word.startsWith("--index-url"));
}

describe("README", () => {
  const readme = textOf("README.md");

  test("has at most 150 lines", () => {
    expect(readme.trimEnd().split("\n").length).toBeLessThanOrEqual(150);
  });

  test("shows commands that the tour has", () => {
    const tour = textOf("docs/migrate/two-terminals.md")
      .replaceAll(/ \\\n +/g, " ")
      .split("\n");
    const shown = [...readme.matchAll(/^npx enks .+$/gm)].map(
      ([command]) => command.split(" ... ")[0]?.replace(/ \.\.\.$/, "") ?? "",
    );
    expect(shown.length).toBeGreaterThan(3);
    const isInTour = (command: string) => tour.some((line) => wordsOf(command).every((word) => line.includes(word)));
    expect(shown.filter((command) => !isInTour(command))).toEqual([]);
  });
});
