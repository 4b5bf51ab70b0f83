// A run writes nothing once the clock has gone back behind its beginning.

import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../core/clock.ts";
import type { Database } from "../database/database.ts";
import { databaseOverSessions } from "../database/database-over-sessions.ts";
import { ThreadSessions } from "../database/embedded/thread-sessions.ts";
import { createVirtualClock } from "../time/virtual-clock.ts";
import { fenceRuns, runAt } from "./fence-runs.ts";

const RIGHT = 1_800_000_000;
const AHEAD = RIGHT + 2 * DAY;

let database: Database;
const clock = createVirtualClock(RIGHT);
beforeAll(async () => {
  database = databaseOverSessions("embedded", await ThreadSessions.start());
  await database.execute("create table noted (word text not null)", []);
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.jump(AHEAD);
  await database.execute("delete from noted", []);
});

const note = (db: Database["db"], word: string) => sql`insert into noted values (${word})`.execute(db);
const noted = async () => (await sql<{ word: string }>`select word from noted`.execute(database.db)).rows;

test("a transaction that it has begun is rolled back", async () => {
  const fenced = fenceRuns(database, clock);
  const run = runAt(AHEAD, () =>
    fenced.transaction(async (tx) => {
      await note(tx, "ahead");
      clock.jump(RIGHT);
    }),
  );
  await expect(run).rejects.toMatchObject({ code: "job_outdated" });
  expect(await noted()).toEqual([]);
});

test("nor does it begin another, or write by a single statement", async () => {
  const fenced = fenceRuns(database, clock);
  const tries = await runAt(AHEAD, async () => {
    await note(fenced.db, "in time");
    clock.jump(RIGHT);
    return Promise.allSettled([
      fenced.transaction((tx) => note(tx, "late")),
      (async () => note(fenced.db, "late"))(),
      fenced.execute("insert into noted values ('late')", []),
    ]);
  });
  expect(tries.map((one) => one.status)).toEqual(["rejected", "rejected", "rejected"]);
  expect(await noted()).toEqual([{ word: "in time" }]);
});

test("clocks that differ by minutes, a clock that goes on, and what is no run are not held up", async () => {
  const fenced = fenceRuns(database, clock);
  await runAt(AHEAD, async () => {
    for (const by of [-5 * MINUTE, HOUR, 30 * DAY]) {
      clock.jump(AHEAD + by);
      await fenced.transaction((tx) => note(tx, "in time"));
    }
  });
  clock.jump(RIGHT);
  await fenced.transaction((tx) => note(tx, "no run"));
  expect(await noted()).toHaveLength(4);
});
