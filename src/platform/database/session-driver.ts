// Kysely on our own sessions: compiles as for PostgreSQL, runs on whatever engine the sessions belong to.

import {
  AbortedTransactionError,
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from "kysely";
import type { StatementLimits } from "./database.ts";
import type { Session, Sessions, StatementResult } from "./sessions.ts";

/** A dialect over `sessions`; `beforeAcquire` may throw to refuse a session to the caller. All it runs has `limits`. */
export function sessionDialect(sessions: Sessions, beforeAcquire: () => void, limits: StatementLimits): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new SessionDriver(sessions, beforeAcquire, limits),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class SessionDriver implements Driver {
  private readonly sessions: Sessions;
  private readonly beforeAcquire: () => void;
  private readonly limits: StatementLimits;

  constructor(sessions: Sessions, beforeAcquire: () => void, limits: StatementLimits) {
    this.sessions = sessions;
    this.beforeAcquire = beforeAcquire;
    this.limits = limits;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<SessionConnection> {
    this.beforeAcquire();
    return new SessionConnection(await this.sessions.acquire(), this.limits);
  }

  async beginTransaction(connection: SessionConnection): Promise<void> {
    connection.isToBegin = true;
  }

  async commitTransaction(connection: SessionConnection): Promise<void> {
    if (connection.isToBegin) return;
    // PostgreSQL answers COMMIT with ROLLBACK when an earlier statement failed and nobody passed the failure on.
    const { command } = await connection.session.run("commit", [], this.limits);
    if (command === "ROLLBACK") throw new AbortedTransactionError();
  }

  async rollbackTransaction(connection: SessionConnection): Promise<void> {
    if (connection.isToBegin) return;
    try {
      await connection.session.run("rollback", [], this.limits);
    } catch {
      // The caller learns of the first failure, which is the reason for this one.
      connection.usable = false;
    }
  }

  async releaseConnection(connection: SessionConnection): Promise<void> {
    this.sessions.release(connection.session, connection.usable);
  }

  /** The sessions are closed by whoever opened them. */
  async destroy(): Promise<void> {}
}

const BEGIN = "begin isolation level read committed";
const COUNTED = new Set(["INSERT", "UPDATE", "DELETE", "MERGE"]);

class SessionConnection implements DatabaseConnection {
  readonly session: Session;
  usable = true;
  /** Whether a transaction was begun that the database does not know of yet: it learns of it with the first statement. */
  isToBegin = false;
  private readonly limits: StatementLimits;

  constructor(session: Session, limits: StatementLimits) {
    this.session = session;
    this.limits = limits;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    const result = await this.run(query);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only the author of a query knows its rows
    const rows = result.rows as Row[];
    return COUNTED.has(result.command) ? { rows, numAffectedRows: BigInt(result.affected) } : { rows };
  }

  /** Several statements go together only where none has parameters; then a transaction costs one way less. */
  private async run({ sql, parameters }: CompiledQuery): Promise<StatementResult> {
    const isFirst = this.isToBegin;
    this.isToBegin = false;
    if (isFirst && parameters.length === 0) return this.session.run(`${BEGIN}; ${sql}`, [], this.limits);
    if (isFirst) await this.session.run(BEGIN, [], this.limits);
    return this.session.run(sql, parameters, this.limits);
  }

  // oxlint-disable-next-line eslint/require-yield -- Kysely asks for a generator
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error("rows are not streamed; read them by pages");
  }
}
