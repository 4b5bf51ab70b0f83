// The exit codes of the documents and of the help are those of the program.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EXIT_CODES, SERVE_EXIT_CODES } from "./exit-codes.ts";

const known: ReadonlySet<number> = new Set(Object.values(EXIT_CODES));

test("docs/operate/server.md lists all of them", () => {
  const text = readFileSync(new URL("../../docs/operate/server.md", import.meta.url), "utf8");
  const listed = [...text.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
  expect(new Set(listed)).toEqual(known);
});

test("the help of `enks serve` names only those that are known", () => {
  const named = [...SERVE_EXIT_CODES.matchAll(/^ {2}(\d+) /gm)].map(([, code]) => Number(code));
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter((code) => !known.has(code))).toEqual([]);
});
