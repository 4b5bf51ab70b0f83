// A database that is set back equals one that is made anew; what is more than rows is noticed.

import { afterEach, beforeEach, expect, test } from "vitest";
import { MIGRATIONS } from "../../src/app/create-server.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { takeEmbedded } from "./embedded-pool.ts";
import { type Prepared, rememberPrepared, restorePrepared } from "./prepared-rows.ts";

let database: Database;
let prepared: Prepared;
beforeEach(async () => {
  database = await takeEmbedded();
  await migrate(database, MIGRATIONS, { now: () => 1_700_000_000 });
  await database.execute(
    `create table parent (id bigint generated always as identity primary key, bytes bytea);
     create table child (parent_id bigint references parent)`,
    [],
  );
  prepared = await rememberPrepared(database.db);
});
afterEach(() => database.close());

const contents = async () => {
  const { empty, filled, sequences } = await rememberPrepared(database.db);
  return { empty, filled: [...filled], sequences: [...sequences] };
};

test("rows that were added, changed or deleted, and numbers that were given out, are as they were", async () => {
  const before = await contents();
  expect(before.filled.length).toBeGreaterThan(3);
  for (let round = 0; round < 2; round++) {
    await database.execute("insert into parent (bytes) values ('\\x0102'), (null)", []);
    await database.execute("insert into child select id from parent", []);
    await database.execute("update release_horizon set closed_until = 7", []);
    await database.execute("delete from app_revision", []);
    expect(await contents()).not.toEqual(before);
    const restored = await restorePrepared(database.db, prepared);
    expect(await contents()).toEqual(before);
    expect(restored).not.toBeNull();
    prepared = restored ?? prepared;
    const rows = await database.execute("insert into parent (bytes) values (null) returning id::integer as id", []);
    expect(rows).toEqual([{ id: 1 }]);
    await database.execute("delete from parent", []);
    prepared = (await restorePrepared(database.db, prepared)) ?? prepared;
  }
});

test.each([
  "alter table child add column more text",
  "create index on child (parent_id)",
  "alter table parent disable trigger all",
  "create function two() returns integer language sql as 'select 2'",
  "create table other ()",
  "create schema elsewhere",
  "alter table child alter column parent_id set default 3",
  "insert into child values (null); analyze child",
])("more than rows is noticed: %s", async (statement) => {
  expect(await restorePrepared(database.db, prepared)).not.toBeNull();
  await database.execute(statement, []);
  expect(await restorePrepared(database.db, prepared)).toBeNull();
});
