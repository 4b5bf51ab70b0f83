// Transactions that fail, or wait, right before their commit.

import { sql } from "kysely";
import type { Database } from "../../src/platform/database/database.ts";

/** Transaction number `first` (from 0) and `count` of them, by default all after it, fail after their work was done. */
export function crashingBeforeCommit(database: Database, first: number, count = Number.POSITIVE_INFINITY): Database {
  let begun = 0;
  return {
    ...database,
    transaction: (work) =>
      database.transaction(async (tx) => {
        const number = begun++;
        const result = await work(tx);
        if (number >= first && number < first + count) throw new Error("crashed");
        return result;
      }),
  };
}

/** Transaction number `number` (from 0) waits before its commit until `goOn`. */
export function pausingBeforeCommit(database: Database, number: number) {
  const [reached, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let begun = 0;
  const transaction: Database["transaction"] = (work) =>
    database.transaction(async (tx) => {
      const isPaused = begun++ === number;
      const result = await work(tx);
      if (isPaused) reached.resolve();
      if (isPaused) await gate.promise;
      return result;
    });
  return { database: { ...database, transaction }, paused: reached.promise, goOn: gate.resolve };
}

/** Until PostgreSQL makes somebody wait for a lock, or `work` has ended. The embedded database has one session anyway. */
export async function untilBlockedOrDone({ kind, db }: Database, work: Promise<unknown>): Promise<void> {
  const progress = { isDone: kind === "embedded" };
  const noteDone = () => {
    progress.isDone = true;
  };
  work.then(noteDone, noteDone);
  while (!progress.isDone) {
    const { rows } = await sql`select from pg_locks where not granted`.execute(db);
    if (rows.length > 0) return;
  }
}
