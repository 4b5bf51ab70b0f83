// Codes and HTTP statuses: a status says whose turn it is.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readSourceTree } from "../../../../test/support/architecture/source-tree.ts";
import { codesInDocument } from "../../../../test/support/documents/error-codes.ts";
import { COMMON_CODES } from "./describe-refusals.ts";
import { statusOfCode } from "./status-of-code.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const documented = new Set(
  [...codesInDocument(readFileSync(`${root}/docs/errors.md`, "utf8"))].map((named) => named.replace(/^\S+ /, "")),
);

test.each([
  ["request_invalid", 400],
  ["export_settings_invalid", 400],
  ["fetch_url_invalid", 400],
  ["token_expired", 401],
  ["token_unknown", 401],
  ["generation_not_allowed", 403],
  ["location_unknown", 404],
  ["location_exists", 409],
  ["principal_revoked", 409],
  ["changed_meanwhile", 412],
  ["body_too_large", 413],
  ["archive_too_large", 409],
  ["fetch_timeout", 502],
  ["unexpected", 500],
  ["database_unreachable", 503],
  ["quota_exhausted", undefined],
])("%s is answered with %s", (code, status) => {
  expect(statusOfCode(code)).toBe(status);
});

test("every code that an operation names has a status and is documented", () => {
  const named = [...readSourceTree(root, ["src"])]
    .filter(([path]) => path.startsWith("src/") && !path.endsWith(".test.ts"))
    .flatMap(([, text]) => [...text.matchAll(/\bcodes: \[([^\]]*)\]/g)])
    .flatMap(([, list = ""]) => [...list.matchAll(/"(\w+)"/g)].map(([, code = ""]) => code));
  const all = new Set([...named, ...Object.values(COMMON_CODES).flat()]);
  expect(all.size).toBeGreaterThan(20);
  expect([...all].filter((code) => statusOfCode(code) === undefined)).toEqual([]);
  expect([...all].filter((code) => !documented.has(code))).toEqual([]);
});
