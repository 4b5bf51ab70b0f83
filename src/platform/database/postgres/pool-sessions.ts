// Sessions that are pooled connections to a PostgreSQL server.

import type { Pool, PoolClient, QueryResult } from "pg";
import { CodedError } from "../../../core/coded-error.ts";
import type { DatabaseErrorCode, StatementLimits } from "../database.ts";
import type { Session, Sessions, StatementResult } from "../sessions.ts";
import { sqlFailure } from "../sql-failure.ts";
import { isOutsideTransactions, type LimitDefaults, limitsText, OPTIONAL_LIMITS } from "./server-limits.ts";

export class PoolSessions implements Sessions {
  private readonly pool: Pool;
  private readonly defaults: LimitDefaults;
  private optional: ReadonlySet<string> = new Set();
  private readonly texts = new WeakMap<StatementLimits, string>();

  /** The pool's clients take statements in a row (`pipeline`). */
  constructor(pool: Pool, defaults: LimitDefaults) {
    this.pool = pool;
    this.defaults = defaults;
    // An idle connection that breaks is dropped by the pool; the next borrower gets a new one or the error.
    pool.on("error", () => {});
    // A borrowed one that breaks makes the borrower's statement fail; the event itself must not end the process.
    pool.on("connect", (client) => client.on("error", () => {}));
  }

  /** Finds out which limits the server knows; throws `database_unreachable`. */
  async learn(): Promise<void> {
    const session = await this.acquire();
    let isUsable = false;
    try {
      const known = new Set<string>();
      for (const [name, value] of Object.entries(OPTIONAL_LIMITS)) {
        if (await session.accepts(`begin; set local ${name} = ${value}`)) known.add(name);
      }
      this.optional = known;
      isUsable = true;
    } finally {
      this.release(session, isUsable);
    }
  }

  async acquire(): Promise<PooledSession> {
    try {
      return new PooledSession(await this.pool.connect(), (limits) => this.textOf(limits));
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

  private textOf(limits: StatementLimits): string {
    return this.texts.getOrInsertComputed(limits, () => limitsText({ ...this.defaults, ...limits }, this.optional));
  }
}

const NO_LIMITS: StatementLimits = {};

class PooledSession implements Session {
  readonly client: PoolClient;
  /** Why nobody may use the connection again. */
  lost: CodedError<DatabaseErrorCode> | null = null;
  private readonly textOf: (limits: StatementLimits) => string;

  constructor(client: PoolClient, textOf: (limits: StatementLimits) => string) {
    this.client = client;
    this.textOf = textOf;
  }

  /** No statement runs without limits: outside a transaction it gets one of its own, on the same way to the server. */
  async run(sql: string, parameters: readonly unknown[], limits = NO_LIMITS): Promise<StatementResult> {
    const isInTransaction = this.client.getTransactionStatus() !== "I";
    if (isInTransaction || isOutsideTransactions(sql)) return this.ask(sql, parameters, limits);
    const text = this.textOf(limits);
    if (parameters.length === 0) return this.ask(`${text}; ${sql}`, [], limits);
    // One behind the other without waiting. Where the statement fails, the commit is a rollback.
    const [begun, done, ended] = await Promise.allSettled([
      this.ask(`begin; ${text}`, [], limits),
      this.ask(sql, parameters, limits),
      this.ask("commit", [], limits),
    ]);
    for (const { reason } of [begun, done, ended].filter((each) => each.status === "rejected")) throw reason;
    return (done as PromiseFulfilledResult<StatementResult>).value;
  }

  /** Whether the server takes the text, which begins a transaction; that is rolled back. */
  async accepts(text: string): Promise<boolean> {
    const isTaken = await this.ask(text, [], NO_LIMITS).then(
      () => true,
      () => false,
    );
    await this.ask("rollback", [], NO_LIMITS);
    return isTaken;
  }

  private async ask(
    text: string,
    parameters: readonly unknown[],
    { withinMilliseconds }: StatementLimits,
  ): Promise<StatementResult> {
    if (this.lost !== null) throw this.lost;
    const limit = withinMilliseconds === undefined ? {} : { query_timeout: withinMilliseconds };
    try {
      const query = { text, values: [...parameters], ...limit };
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

/**
 * An SQLSTATE of class 08, of a server that goes down or has ended a connection that kept it waiting, no SQLSTATE at all
 * from the socket, or no answer in time.
 */
function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string")
    return /^(08...|57P0[1235]|25P0[34]|E[A-Z]+)$/.test(error.code);
  return /connection (terminated|error)|not queryable|query read timeout/i.test(error.message);
}

const REMEDY = "Check the database's address, its credentials, and that it accepts connections and answers.";
const TLS_REMEDY =
  "Have PostgreSQL accept encrypted connections; or, where the way to it is safe, write sslmode=disable into the address.";

function unreachable(cause: unknown): CodedError<DatabaseErrorCode> {
  const reason = cause instanceof Error && cause.message !== "" ? cause.message : String(cause);
  return new CodedError("database_unreachable", `PostgreSQL cannot be reached: ${reason}`, {
    remedy: /\bSSL\b/.test(reason) ? TLS_REMEDY : REMEDY,
    cause,
  });
}
