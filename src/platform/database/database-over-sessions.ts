// Makes the Database that features see out of an engine's sessions.

import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout } from "node:timers/promises";
import { Kysely } from "kysely";
import { CodedError } from "../../core/coded-error.ts";
import type { Database, DatabaseErrorCode, Db, StatementLimits } from "./database.ts";
import { sessionDialect } from "./session-driver.ts";
import type { Sessions } from "./sessions.ts";

/** Serialization failure and deadlock: nothing was kept, and the other transaction can go on. */
const GAVE_WAY: ReadonlySet<unknown> = new Set(["40001", "40P01"]);
const ATTEMPTS = 5;
/** Or the next attempt could take what the other one waits for, before that does. */
const GIVE_WAY_MILLISECONDS = 20;

/** The Database over `sessions`, which it closes with itself. */
export function databaseOverSessions(kind: Database["kind"], sessions: Sessions): Database {
  const running = new AsyncLocalStorage<{ open: boolean }>();
  const refuseNested = () => {
    if (running.getStore()?.open === true) throw nestedTransaction();
  };
  let closing: Promise<void> | undefined;
  const openDb = (limits: StatementLimits): Db =>
    new Kysely({ dialect: sessionDialect(sessions, refuseNested, limits) });
  const db = openDb({});
  const limited = new WeakMap<StatementLimits, Db>();
  return {
    kind,
    db,
    async transaction(work, limits) {
      const own = limits === undefined ? db : limited.getOrInsertComputed(limits, openDb);
      for (let attempt = 1; ; attempt++) {
        const scope = { open: true };
        try {
          return await own.transaction().execute((tx) => running.run(scope, () => work(tx)));
        } catch (error) {
          if (attempt === ATTEMPTS || !gaveWay(error)) throw error;
        } finally {
          scope.open = false;
        }
        await setTimeout(attempt * GIVE_WAY_MILLISECONDS);
      }
    },
    async execute(sql, parameters, limits) {
      refuseNested();
      const session = await sessions.acquire();
      let isUsable = true;
      try {
        return (await session.run(sql, parameters, limits)).rows;
      } catch (error) {
        isUsable = await session.run("rollback", []).then(
          () => true,
          () => false,
        );
        throw error;
      } finally {
        sessions.release(session, isUsable);
      }
    },
    // Not by way of Kysely, which closes nothing when no query was made.
    close: () => (closing ??= sessions.close()),
  };
}

function gaveWay(error: unknown): boolean {
  return error instanceof Error && "code" in error && GAVE_WAY.has(error.code);
}

function nestedTransaction(): CodedError<DatabaseErrorCode> {
  return new CodedError("database_nested_transaction", "the database was used from inside one of its transactions", {
    remedy: "Pass the transaction's handle on and use only that one inside.",
  });
}
