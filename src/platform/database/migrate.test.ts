// Migrations are applied once, in order, and never changed behind a database's back.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, beforeEach, expect, test } from "vitest";
import { describeOnEachDatabase } from "../../../test/support/databases.ts";
import type { Database } from "./database.ts";
import { type MigrationSet, migrate } from "./migrate.ts";

const clock = { now: () => 1_600_000_000 };
const root = mkdtempSync(join(tmpdir(), "enks-migrate-"));
afterAll(() => rmSync(root, { recursive: true }));

let count = 0;
function setOf(files: Record<string, string>): MigrationSet {
  const folder = join(root, String(count++));
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return { name: "fruit", folder };
}

const FIRST = "create table apple (size integer);\ninsert into apple values (1);\n-- the end\n";

describeOnEachDatabase("migrate", (open) => {
  let database: Database;
  beforeEach(async () => {
    database = await open();
  });
  const apples = async () => (await sql`select size from apple order by size`.execute(database.db)).rows;

  test("applies files of several statements in order and records them", async () => {
    const set = setOf({ "0002-more.sql": "insert into apple values (2)", "0001-apples.sql": FIRST });
    expect(await migrate(database, [set], clock)).toEqual(["fruit/0001-apples.sql", "fruit/0002-more.sql"]);
    expect(await apples()).toEqual([{ size: 1 }, { size: 2 }]);
    const { rows } = await sql`select set_name, number, name, applied_at from schema_migration`.execute(database.db);
    expect(rows[1]).toEqual({ set_name: "fruit", number: 2, name: "0002-more.sql", applied_at: 1_600_000_000 });
  });

  test("applies only what is new the next time", async () => {
    const set = setOf({ "0001-apples.sql": FIRST });
    await migrate(database, [set], clock);
    writeFileSync(join(set.folder, "0002-more.sql"), "insert into apple values (2)");
    expect(await migrate(database, [set], clock)).toEqual(["fruit/0002-more.sql"]);
    expect(await migrate(database, [set], clock)).toEqual([]);
  });

  test("refuses a file that was changed after it was applied, before it applies anything", async () => {
    await migrate(database, [setOf({ "0001-apples.sql": FIRST })], clock);
    const changed = setOf({ "0001-apples.sql": `${FIRST} `, "0002-more.sql": "insert into apple values (2)" });
    await expect(migrate(database, [changed], clock)).rejects.toMatchObject({ code: "database_migration_changed" });
    expect(await apples()).toEqual([{ size: 1 }]);
  });

  test("refuses an older program that lacks an applied file", async () => {
    await migrate(database, [setOf({ "0001-apples.sql": FIRST, "0002-more.sql": "select 1" })], clock);
    const older = setOf({ "0001-apples.sql": FIRST });
    await expect(migrate(database, [older], clock)).rejects.toMatchObject({ code: "database_migration_changed" });
  });

  test("leaves nothing of a file that fails, and keeps those before it", async () => {
    const set = setOf({ "0001-apples.sql": FIRST, "0002-bad.sql": "insert into apple values (2); select 1 / 0" });
    await expect(migrate(database, [set], clock)).rejects.toMatchObject({ code: "22012" });
    expect(await apples()).toEqual([{ size: 1 }]);
  });

  test("applies each file once when several do it at the same time", async () => {
    const set = setOf({ "0001-apples.sql": FIRST, "0002-more.sql": "insert into apple values (2)" });
    const runs = await Promise.all([1, 2, 3].map(() => migrate(database, [set], clock)));
    expect(runs.flat().sort()).toEqual(["fruit/0001-apples.sql", "fruit/0002-more.sql"]);
    expect(await apples()).toEqual([{ size: 1 }, { size: 2 }]);
  });

  test("refuses numbers with a gap", async () => {
    await expect(migrate(database, [setOf({ "0002-apples.sql": FIRST })], clock)).rejects.toThrow("leave none out");
  });
});
