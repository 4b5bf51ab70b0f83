// The document on invariants is complete and not stale.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BREAKS } from "../src/simulation/breaks/breaks.ts";
import { ALL_INVARIANTS } from "../src/simulation/invariants/all-invariants.ts";
import { renderInvariantsDoc } from "./render-invariants-doc.ts";

test("docs/audit/invariants.md is what the code says; if not: node scripts/write-invariants-doc.ts", () => {
  const document = readFileSync(join(import.meta.dirname, "..", "docs", "audit", "invariants.md"), "utf8");
  expect(document).toBe(renderInvariantsDoc());
});

test("every invariant has a break that it catches, and every break an invariant that there is", () => {
  const caught = new Set(BREAKS.map(({ caughtBy }) => caughtBy));
  expect([...caught].sort()).toEqual(ALL_INVARIANTS.map(({ id }) => id).sort());
});

test("no two breaks have one name, and names are kebab case", () => {
  expect(new Set(BREAKS.map(({ name }) => name)).size).toBe(BREAKS.length);
  for (const { name } of BREAKS) expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
});
