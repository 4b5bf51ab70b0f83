// The rules of ARCHITECTURE.md, each shown to fail on a small made-up tree and then put to the repository.

import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { importCycles, wrongDirections } from "./support/architecture/direction-rules.ts";
import { barrelFiles, defaultExports, tooLong, withoutPurpose } from "./support/architecture/form-rules.ts";
import {
  environmentElsewhere,
  foreignTables,
  queriesElsewhere,
  timeElsewhere,
} from "./support/architecture/owner-rules.ts";
import { readSourceTree, type SourceTree } from "./support/architecture/source-tree.ts";

interface RuleCase {
  readonly name: string;
  readonly rule: (tree: SourceTree) => string[];
  /** Files of one tree, each on its own against the rule. */
  readonly bad: readonly (readonly [path: string, text: string])[];
  readonly good: readonly (readonly [path: string, text: string])[];
  /** Files that every tree of this case has besides. */
  readonly besides?: readonly (readonly [path: string, text: string])[];
}

const rules: readonly RuleCase[] = [
  {
    name: "imports follow the directions",
    rule: wrongDirections,
    bad: [
      ["src/core/a.ts", 'import { b } from "../archive/b.ts";'],
      ["src/core/b.ts", 'import { readFileSync } from "node:fs";'],
      ["src/core/c.ts", 'import "lodash";'],
      ["src/device/a.ts", 'import type { Db } from "../platform/database/database.ts";'],
      ["src/device/b.ts", 'const load = () => import("../features/export/feature.ts");'],
      ["src/client/a.ts", 'import { createFetcher } from "../platform/http/undici-fetcher.ts";'],
      ["src/archive/a.ts", 'export type { Phone } from "../device/phone.ts";'],
      ["src/platform/a.ts", 'import {\n  one,\n  two,\n} from "../features/mirror/feature.ts";'],
      ["src/features/mirror/a.ts", 'import { save } from "../exposures/save-keys.ts";'],
      ["src/features/mirror/b.ts", 'import { phone } from "../../device/phone.ts";'],
      ["src/app/a.ts", 'import { demo } from "../simulation/demo.ts";'],
      ["src/cli/a.ts", 'import { open } from "../../test/support/databases.ts";'],
      ["src/proof/a.ts", 'import { createFetcher } from "../platform/http/undici-fetcher.ts";'],
      ["src/platform/b.ts", 'new Worker(new URL("../app/worker.ts", import.meta.url));'],
    ],
    good: [
      ["src/core/a.ts", 'import { b } from "./b.ts";\n// import { x } from "../app/x.ts"'],
      ["src/core/a.test.ts", 'import fc from "fast-check";'],
      ["src/archive/a.ts", 'import { deflate } from "node:zlib";'],
      ["src/client/a.ts", 'import { openArchive } from "../archive/open-archive.ts";'],
      ["src/cli/a.ts", 'import { createUploader } from "../client/client.ts";'],
      ["src/features/mirror/a.ts", 'import { append } from "../locations/append-archives.ts";'],
      ["src/features/migration/a.ts", 'import { prove } from "../../proof/prove-coverage.ts";'],
      ["src/simulation/a.ts", 'import { phone } from "../device/phone.ts";'],
      ["src/platform/a.test.ts", 'import { open } from "../../test/support/databases.ts";'],
    ],
  },
  {
    name: "no file imports itself by a detour",
    rule: importCycles,
    bad: [["src/core/a.ts", 'import type { B } from "./b.ts";']],
    good: [["src/core/a.ts", 'import type { C } from "./c.ts";']],
    besides: [
      ["src/core/b.ts", 'import { c } from "./c.ts";\nimport type { A } from "./a.ts";'],
      ["src/core/c.ts", "export const c = 1;"],
    ],
  },
  {
    name: "the query builder is used in query files only",
    rule: queriesElsewhere,
    bad: [
      ["src/features/export/plan-batches.ts", 'import { sql } from "kysely";'],
      ["src/platform/jobs/a.ts", 'import type { Kysely } from "kysely";'],
      ["src/app/a.ts", 'import { Pool } from "pg";'],
    ],
    good: [
      ["src/features/export/queries.ts", 'import { sql } from "kysely";'],
      ["src/features/export/queries-batches.ts", 'import { sql } from "kysely";'],
      ["src/features/export/batch-queries.ts", 'import { sql } from "kysely";'],
      ["src/platform/database/a.ts", 'import { sql } from "kysely";'],
      ["src/features/export/a.test.ts", 'import { sql } from "kysely";'],
    ],
  },
  {
    name: "each table is named in one feature only",
    rule: foreignTables,
    bad: [
      ["src/features/export/queries.ts", "sql`select 1 from export_batch b join exposure using (id)`"],
      ["src/features/mirror/queries.ts", "sql`insert into\n  exposure (id) values (1)`"],
      ["src/features/mirror/sync-queries.ts", 'db.selectFrom("exposure as e")'],
      ["src/features/export/migrations/0002-b.sql", "create table batch (id int references exposure)"],
      ["src/features/export/migrations/0003-c.sql", "alter table exposure add column x int;"],
      ["src/features/export/migrations/0004-move-to-locations.sql", "insert into exposure select * from batch;"],
      ["src/platform/database/queries.ts", "sql`update exposure set x = 1`"],
    ],
    good: [
      ["src/features/exposures/queries.ts", "sql`select 1 from exposure`"],
      ["src/features/export/queries.ts", "// not from exposure\nsql`select exposure.id from exposure_batch`"],
      ["src/features/export/migrations/0004-move-to-exposures.sql", "insert into exposure select * from batch;"],
    ],
    besides: [
      ["src/features/exposures/migrations/0001-a.sql", "-- Keys.\nCREATE TABLE IF NOT EXISTS exposure (id int);"],
    ],
  },
  {
    name: "the environment is read in one file only",
    rule: environmentElsewhere,
    bad: [
      ["src/app/a.ts", 'const port = process.env["PORT"];'],
      ["src/app/b.ts", 'import { env } from "node:process";'],
    ],
    good: [
      ["src/platform/config/environment.ts", "export const environment = process.env;"],
      ["src/app/a.ts", "/** Not process.env. */\nconst environment = 1;"],
    ],
  },
  {
    name: "the time is asked for in one file only",
    rule: timeElsewhere,
    bad: [
      ["src/core/a.ts", "const now = Date.now();"],
      ["src/core/b.ts", "const now = new Date();"],
      ["src/app/a.ts", "const started = performance.now();"],
      ["src/simulation/b.ts", "const now = Temporal.Now.instant();"],
    ],
    good: [
      ["src/platform/time/system-clock.ts", "const now = Date.now() + performance.now();"],
      ["src/core/a.ts", "const at = new Date(seconds * 1000);"],
      ["src/simulation/a.ts", "const started = performance.now();"],
    ],
  },
  {
    name: "nothing is exported as default",
    rule: defaultExports,
    bad: [
      ["src/core/a.ts", "export default function run() {}"],
      ["src/core/b.ts", "export { run as default };"],
    ],
    good: [["src/core/a.ts", "export function run() {}\n// export default is not used"]],
  },
  {
    name: "no file has more than 400 lines",
    rule: tooLong,
    bad: [["src/core/a.ts", "x\n".repeat(401)]],
    good: [["src/core/a.ts", "x\n".repeat(400)]],
  },
  {
    name: "every file begins with a comment on its purpose",
    rule: withoutPurpose,
    bad: [
      ["src/core/a.ts", 'import "./b.ts";'],
      ["src/core/b.ts", "/** Not this form. */"],
      ["src/features/export/migrations/0001-a.sql", "create table a ();"],
    ],
    good: [
      ["src/core/a.ts", "// Adds numbers.\n"],
      ["bin/a.mjs", "#!/usr/bin/env node\n// Runs it.\n"],
      ["src/features/export/migrations/0001-a.sql", "-- The batches.\n"],
    ],
  },
  {
    name: "no file only passes on what others export",
    rule: barrelFiles,
    bad: [
      ["src/core/index.ts", "export const a = 1;"],
      ["src/core/all.ts", 'export * from "./a.ts";'],
    ],
    good: [["src/core/index-text.ts", "export const a = 1;"]],
  },
];

const root = fileURLToPath(new URL("..", import.meta.url));
const repository = readSourceTree(root, ["bench", "bin", "scripts", "src", "test"]);

describe.each(rules)("$name", ({ rule, bad, good, besides = [] }) => {
  test.each(bad)("refused: %s", (path, text) => {
    expect(rule(new Map([...besides, [path, text]]))).toHaveLength(1);
  });

  test.each(good)("allowed: %s", (path, text) => {
    expect(rule(new Map([...besides, [path, text]]))).toEqual([]);
  });

  test("in the repository", () => {
    expect(rule(repository)).toEqual([]);
  });
});

test("the repository was read", () => {
  expect(repository.size).toBeGreaterThan(50);
  expect(repository.has("src/core/clock.ts")).toBe(true);
});
