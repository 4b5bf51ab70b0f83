// Every sign that the command line draws has one of ASCII in its place.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { asciiText, SIGNS } from "./ascii-text.ts";
import { jsonText } from "./plain-text.ts";

const CLI = join(import.meta.dirname, "..");
const BEYOND_ASCII = /[^\p{ASCII}]/gu;

function signsOf(file: string): string[] {
  return readFileSync(join(CLI, file), "utf8").match(BEYOND_ASCII) ?? [];
}

test("no file of the command line writes a sign that is not replaced", () => {
  const files = readdirSync(CLI, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !name.endsWith(".test.ts"),
  );
  const signs = new Set(files.flatMap(signsOf));
  expect(signs.size).toBeGreaterThan(20);
  for (const sign of signs) expect(asciiText(sign), sign).toMatch(/^[!-~]$/);
});

test("a picture keeps its form", () => {
  expect(asciiText("┌──┐\n│ ✓│──▶ ██░ 50 % …\n└──┘")).toBe("+--+\n| +|--> ##. 50 % ~\n+--+");
});

test("texts of others stay, and JSON holds nothing that would be replaced", () => {
  expect(asciiText("Zürich")).toBe("Zürich");
  const value = { name: "a … b", city: "Zürich" };
  expect(jsonText(value)).not.toMatch(new RegExp(SIGNS.source, "u"));
  expect(JSON.parse(asciiText(jsonText(value)))).toEqual(value);
});
