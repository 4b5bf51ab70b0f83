// The database in one's own thread answers as the one in another thread does.

import { afterAll, beforeAll, expect, test } from "vitest";
import { ThreadSessions } from "./thread-sessions.ts";
import { WorkerSessions } from "./worker-sessions.ts";

let own: ThreadSessions;
let other: WorkerSessions;
beforeAll(async () => {
  [own, other] = await Promise.all([ThreadSessions.start(), WorkerSessions.start({ dataFolder: null })]);
});
afterAll(() => Promise.all([own.close(), other.close()]));

test.each([
  ["create table t (id bigint, word text, bytes bytea)", []],
  ["insert into t values ($1, $2, $3), (2, 'b', null)", [2 ** 40, "a", new Uint8Array([1, 255])]],
  ["select * from t order by id desc", []],
  ["select 1 as a; select 2 as a", []],
  ["update t set word = 'c' where id = 2", []],
])("%s", async (sql, parameters) => {
  const { rows, affected, command } = await other.run(sql, parameters);
  expect(await own.run(sql, parameters)).toEqual({ rows, affected, command });
});

test("failures have the same code", async () => {
  const [mine, theirs] = await Promise.allSettled([own.run("select nothing", []), other.run("select nothing", [])]);
  expect(mine).toMatchObject({ status: "rejected", reason: { code: "42703" } });
  expect(theirs).toMatchObject({ status: "rejected", reason: { code: "42703" } });
});

test("a session belongs to one borrower at a time", async () => {
  await own.acquire();
  const seen: string[] = [];
  const second = own.acquire().then(() => seen.push("second"));
  await own.run("select 1", []);
  expect(seen).toEqual([]);
  own.release();
  await second;
  own.release();
});
