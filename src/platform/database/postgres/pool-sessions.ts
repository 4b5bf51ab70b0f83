// Sessions that are pooled connections to a PostgreSQL server.

import type { Pool, PoolClient, QueryResult } from "pg";
import { CodedError } from "../../../core/coded-error.ts";
import type { DatabaseErrorCode, StatementLimits } from "../database.ts";
import type { Session, Sessions, StatementResult } from "../sessions.ts";
import { sqlFailure } from "../sql-failure.ts";

export class PoolSessions implements Sessions {
  private readonly pool: Pool;

  constructor(pool: Pool) {
    this.pool = pool;
    // An idle connection that breaks is dropped by the pool; the next borrower gets a new one or the error.
    pool.on("error", () => {});
    // A borrowed one that breaks makes the borrower's statement fail; the event itself must not end the process.
    pool.on("connect", (client) => client.on("error", () => {}));
  }

  async acquire(): Promise<PooledSession> {
    try {
      return new PooledSession(await this.pool.connect());
    } catch (cause) {
      throw unreachable(cause);
    }
  }

  release(session: Session, usable: boolean): void {
    if (session instanceof PooledSession) session.client.release(!usable || session.lost !== null);
  }

  async close(): Promise<void> {
    await this.pool.end();
  }
}

class PooledSession implements Session {
  readonly client: PoolClient;
  /** Why nobody may use the connection again. */
  lost: CodedError<DatabaseErrorCode> | null = null;

  constructor(client: PoolClient) {
    this.client = client;
  }

  async run(sql: string, parameters: readonly unknown[], limits: StatementLimits = {}): Promise<StatementResult> {
    if (this.lost !== null) throw this.lost;
    const { withinMilliseconds } = limits;
    const limit = withinMilliseconds === undefined ? {} : { query_timeout: withinMilliseconds };
    try {
      const query = { text: sql, values: [...parameters], ...limit };
      const answer: QueryResult | QueryResult[] = await this.client.query(query);
      const answers = Array.isArray(answer) ? answer : [answer];
      const last = answers.at(-1);
      const rows = answers.flatMap((each) => each.rows);
      return { rows, affected: last?.rowCount ?? 0, command: last?.command ?? "" };
    } catch (error) {
      if (!isConnectionLoss(error)) throw sqlFailure(error);
      this.lost = unreachable(error);
      throw this.lost;
    }
  }
}

/** An SQLSTATE of class 08 or of a server that goes down, no SQLSTATE at all from the socket, or no answer in time. */
function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string") return /^(08...|57P0[123]|E[A-Z]+)$/.test(error.code);
  return /connection (terminated|error)|not queryable|query read timeout/i.test(error.message);
}

function unreachable(cause: unknown): CodedError<DatabaseErrorCode> {
  const reason = cause instanceof Error && cause.message !== "" ? cause.message : String(cause);
  return new CodedError("database_unreachable", `PostgreSQL cannot be reached: ${reason}`, {
    remedy: "Check the database's address, its credentials, and that it accepts connections and answers.",
    cause,
  });
}
