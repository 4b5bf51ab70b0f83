// The database as features see it: one handle type, on the embedded database and on PostgreSQL alike.

import type { Kysely } from "kysely";

/** A handle to run queries on: the database itself or one transaction. A feature adds its tables by `withTables`. */
// oxlint-disable-next-line typescript/no-empty-object-type -- no table is known here; each feature names its own
export type Db = Kysely<{}>;

export type DatabaseErrorCode =
  | "database_unreachable"
  | "database_full"
  | "database_busy"
  | "database_locked"
  | "database_nested_transaction"
  | "database_migration_changed"
  | "database_of_reference_server"
  | "database_tables_taken"
  | "database_rights_missing"
  | "database_folder_invalid";

/**
 * How long PostgreSQL works, and waits, for this process; what is left out has its default. The server keeps them by
 * itself, so that a process which is frozen or lost gives its locks free. The embedded database has nobody to wait for.
 */
export interface StatementLimits {
  /** Of one statement. A server that takes longer counts as unreachable, and calls it off shortly before. */
  readonly withinMilliseconds?: number;
  /** Of one statement, waiting for a lock: then it fails with `database_busy`. */
  readonly lockMilliseconds?: number;
  /** Between two statements of a transaction: then the server ends the connection, and what was done is undone. */
  readonly idleMilliseconds?: number;
}

export interface Database {
  readonly kind: "embedded" | "postgres";
  /** For single statements outside a transaction. */
  readonly db: Db;
  /**
   * Runs `work` in one READ COMMITTED transaction: committed when it resolves, rolled back when it rejects.
   * Inside, only `tx` may be used; using `db` there throws `database_nested_transaction` instead of waiting for ever.
   * Where the database ended it in favour of another transaction (a deadlock), `work` runs again, in a new one.
   */
  transaction<T>(work: (tx: Db) => Promise<T>, limits?: StatementLimits): Promise<T>;
  /**
   * Runs SQL as it is, for a library that brings its own; several statements only without parameters. Answers the rows
   * of all of them. What a failure left open is rolled back.
   */
  execute(sql: string, parameters: readonly unknown[], limits?: StatementLimits): Promise<readonly unknown[]>;
  /** On the disk of the database, where this process can know it. */
  readonly freeBytes?: () => number;
  close(): Promise<void>;
}
