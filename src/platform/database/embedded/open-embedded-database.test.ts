// The embedded database keeps what was committed through crashes, and says what happened when it stops.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { sql } from "kysely";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startProgram } from "../../../../test/support/child-program.ts";
import { PATIENCE } from "../../../../test/support/patience.ts";
import { openEmbeddedDatabase } from "./open-embedded-database.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "enks-embedded-"));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test("what was written is there after closing and opening again", async () => {
  const first = await openEmbeddedDatabase({ folder });
  await sql`create table kept (number integer); insert into kept values (1)`.execute(first.db);
  await first.close();
  const second = await openEmbeddedDatabase({ folder });
  expect((await sql`select number from kept`.execute(second.db)).rows).toEqual([{ number: 1 }]);
  await second.close();
});

test("a second opening is refused while the first is open", async () => {
  const first = await openEmbeddedDatabase({ folder });
  await expect(openEmbeddedDatabase({ folder })).rejects.toMatchObject({ code: "database_locked" });
  await first.close();
});

test("a process killed while it writes loses nothing that it saw committed, and leaves nothing half done", async () => {
  const writer = startProgram("write-rows-program.ts", [folder]);
  let last = 0;
  while (last < 50) last = Number((await writer.lines.next()).value);
  await writer.kill();
  for await (const line of { [Symbol.asyncIterator]: () => writer.lines }) last = Number(line);

  const database = await openEmbeddedDatabase({ folder });
  const { rows } = await sql<{ number: number; twin: number }>`select * from written order by number`.execute(
    database.db,
  );
  expect(rows.length).toBeGreaterThanOrEqual(last);
  expect(rows).toEqual(rows.map((_, index) => ({ number: index + 1, twin: index + 1 })));
  await database.close();
});

test("files left by a start that was killed do not count as a database", async () => {
  mkdirSync(join(folder, "data.unfinished"));
  writeFileSync(join(folder, "data.unfinished", "PG_VERSION"), "18\n");
  const database = await openEmbeddedDatabase({ folder });
  expect((await sql`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
  await database.close();
});

test("a folder whose files are no database is refused with a code, and not kept locked", async () => {
  mkdirSync(join(folder, "data"));
  writeFileSync(join(folder, "data", "PG_VERSION"), "nonsense\n");
  await expect(openEmbeddedDatabase({ folder })).rejects.toMatchObject({ code: "database_unreachable" });
  rmSync(join(folder, "data"), { recursive: true });
  await (await openEmbeddedDatabase({ folder })).close();
});

test("a folder that cannot be created is refused with a code", async () => {
  writeFileSync(join(folder, "file"), "");
  const opening = openEmbeddedDatabase({ folder: join(folder, "file", "inside") });
  await expect(opening).rejects.toMatchObject({ code: "database_folder_invalid" });
});

test("when its thread dies whoever uses it is told, and whoever comes next has it again with what was kept", async () => {
  const post = vi.spyOn(Worker.prototype, "postMessage");
  const database = await openEmbeddedDatabase({ folder });
  await sql`create table kept (number integer)`.execute(database.db);
  post.mockClear();
  const working = sql`select pg_sleep(60)`.execute(database.db);
  await vi.waitFor(() => expect(post).toHaveBeenCalled(), PATIENCE);
  const [thread] = post.mock.contexts;
  if (thread instanceof Worker) await thread.terminate();
  await expect(working).rejects.toMatchObject({
    code: "database_unreachable",
    message: expect.stringContaining("the embedded database stopped"),
  });
  const [later] = (await sql`select count(*)::int as kept from kept`.execute(database.db)).rows;
  expect(later).toEqual({ kept: 0 });
  await database.close();
  await expect(sql`select 1`.execute(database.db)).rejects.toMatchObject({ code: "database_unreachable" });
});

test("one in memory that has died stays dead, for its content is gone", async () => {
  const post = vi.spyOn(Worker.prototype, "postMessage");
  const database = await openEmbeddedDatabase({ folder: null });
  await sql`create table kept (number integer)`.execute(database.db);
  const [thread] = post.mock.contexts;
  if (thread instanceof Worker) await thread.terminate();
  await expect(sql`select 1`.execute(database.db)).rejects.toMatchObject({ code: "database_unreachable" });
  await database.close();
});

test("a database that was closed says so", async () => {
  const database = await openEmbeddedDatabase({ folder });
  await database.close();
  await expect(sql`select 1`.execute(database.db)).rejects.toMatchObject({
    code: "database_unreachable",
    message: "the embedded database was closed",
  });
});
