// A transaction that passes for a Database, so that a use case becomes a part of its caller's transaction.

import { CompiledQuery } from "kysely";
import type { Database, Db } from "./database.ts";

/**
 * The Database that runs everything inside `tx`: its transactions are parts of that one, committed or rolled back with
 * it. The caller ends `tx`; closing does nothing.
 */
export function joinTransaction(kind: Database["kind"], tx: Db): Database {
  return {
    kind,
    db: tx,
    transaction: (work) => work(tx),
    execute: async (sql, parameters) => (await tx.executeQuery(CompiledQuery.raw(sql, [...parameters]))).rows,
    close: async () => undefined,
  };
}
