// The documents on settings are complete and not stale.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SETTINGS } from "../src/platform/config/list-settings.ts";
import { UNREAD_NAMES } from "../src/platform/config/reference-names.ts";
import { renderConfigurationDoc } from "./render-configuration-doc.ts";

const docs = join(import.meta.dirname, "..", "docs");
const read = (name: string) => readFileSync(join(docs, name), "utf8");

test("docs/operate/configuration.md is what the schema says; if not: node scripts/write-configuration-doc.ts", () => {
  expect(read("operate/configuration.md")).toBe(renderConfigurationDoc());
});

test("every setting has a meaning, a variable and a default", () => {
  for (const { description, environment, defaultText } of SETTINGS) {
    expect(description).toMatch(/^[A-Z`].*[.]$/);
    expect(environment.length).toBeGreaterThan(0);
    expect(defaultText).not.toBe("");
  }
});

test("docs/audit/compatibility.md has every variable that is read or known not to be, once, and the setting it sets", () => {
  const rows = read("audit/compatibility.md")
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter(([, names = ""]) => /^`[A-Z][A-Z0-9_]+`/.test(names));
  const documented = rows.flatMap(([, names = "", setting = ""]) =>
    [...names.matchAll(/`([A-Z0-9_]+)`/g)].map(([, name = ""]) => ({ name, setting })),
  );
  const readHere = SETTINGS.flatMap(({ environment, path }) =>
    environment.filter((name) => !isOwn(name)).map((name) => ({ name, setting: `\`${path}\`` })),
  );
  const unread = UNREAD_NAMES.map((name) => ({ name, setting: "-" }));
  expect(sorted(documented)).toEqual(sorted([...readHere, ...unread]));
});

function isOwn(name: string): boolean {
  return name.startsWith("ENKS_") || name === "DATABASE_URL";
}

function sorted(list: readonly { readonly name: string; readonly setting: string }[]) {
  return list.toSorted((left, right) => (left.name < right.name ? -1 : 1));
}
