// A run writes nothing once the clock has gone back behind its beginning, or once it was aborted.

import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { Database } from "../database/database.ts";
import { databaseOverSessions } from "../database/database-over-sessions.ts";
import { ThreadSessions } from "../database/embedded/thread-sessions.ts";
import { createVirtualClock } from "../time/virtual-clock.ts";
import { fenceFetches, fenceRuns, runAt } from "./fence-runs.ts";
import { NEVER } from "./job-by-subject.ts";

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
  const run = runAt(AHEAD, NEVER, () =>
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
  const tries = await runAt(AHEAD, NEVER, async () => {
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

test("a run that was aborted begins nothing more, and what it has begun is rolled back", async () => {
  const fenced = fenceRuns(database, clock);
  const ending = new AbortController();
  const tries = await runAt(AHEAD, ending.signal, async () => {
    const begun = fenced.transaction(async (tx) => {
      await note(tx, "begun");
      ending.abort(new CodedError("job_lease_lost", "it took too long"));
    });
    await begun.catch(() => undefined);
    return Promise.allSettled([begun, fenced.transaction((tx) => note(tx, "late"))]);
  });
  expect(tries.map((one) => one.status === "rejected" && codeOf(one.reason))).toEqual([
    "job_lease_lost",
    "job_lease_lost",
  ]);
  expect(await noted()).toEqual([]);
});

test("what a run fetches has the signal of the run, and what is no run has none", async () => {
  const ending = new AbortController();
  const signals: unknown[] = [];
  const fetcher = fenceFetches(async (request) => {
    signals.push(request.signal);
    return { outcome: "not_modified" };
  });
  const request = { url: "https://a.example/", maxBytes: 1, timeoutMilliseconds: 1, allowPrivateAddresses: false };
  await runAt(AHEAD, ending.signal, async () => void (await fetcher(request)));
  await fetcher(request);
  expect(signals).toEqual([ending.signal, undefined]);
});

test("clocks that differ by minutes, a clock that goes on, and what is no run are not held up", async () => {
  const fenced = fenceRuns(database, clock);
  await runAt(AHEAD, NEVER, async () => {
    for (const by of [-5 * MINUTE, HOUR, 30 * DAY]) {
      clock.jump(AHEAD + by);
      await fenced.transaction((tx) => note(tx, "in time"));
    }
  });
  clock.jump(RIGHT);
  await fenced.transaction((tx) => note(tx, "no run"));
  expect(await noted()).toHaveLength(4);
});
