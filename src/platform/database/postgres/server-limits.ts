// The limits that PostgreSQL keeps by itself for what this process asks of it, as text that goes before the statements.
//
// They are set inside each transaction: behind a pooler that gives a connection to another client at every commit, and
// ignores options at the start of a connection, nothing else holds.

import type { StatementLimits } from "../database.ts";

export interface LimitDefaults extends StatementLimits {
  readonly lockMilliseconds: number;
  readonly idleMilliseconds: number;
  /** The schema to work in instead of the server's default. */
  readonly schema?: string;
}

/** A transaction that computes for longer between two statements is frozen, or its process is lost. */
export const IDLE_MILLISECONDS = 30_000;
/** Longer than a frozen holder keeps its locks, so that a job goes on by itself behind one. */
export const LOCK_MILLISECONDS = 45_000;

/** Older servers, or other systems, do not know all of these. */
export const OPTIONAL_LIMITS: Readonly<Record<string, number>> = {
  // A statement of a client that is gone ends; without it, PostgreSQL looks when it has an answer.
  client_connection_check_interval: 2_000,
  // A client that reads no more, or whose network is lost, while an answer is being sent.
  tcp_user_timeout: IDLE_MILLISECONDS,
};

/** Of an idle connection whose client is lost, so that it does not take up one of the server's for hours. */
export const KEEP_ALIVE =
  "set tcp_keepalives_idle = 60; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 6";

/** The server calls a statement off before its client stops waiting, so that none is left behind. */
const BEFORE_CLIENT = 0.9;

/** Statements without rows. `optional`: those of OPTIONAL_LIMITS that this server knows. */
export function limitsText(
  { withinMilliseconds, lockMilliseconds, idleMilliseconds, schema }: LimitDefaults,
  optional: ReadonlySet<string>,
): string {
  const settings: [string, number | string][] = [
    // 0: none.
    ["statement_timeout", Math.round((withinMilliseconds ?? 0) * BEFORE_CLIENT)],
    ["lock_timeout", lockMilliseconds],
    ["idle_in_transaction_session_timeout", idleMilliseconds],
    ...Object.entries(OPTIONAL_LIMITS).filter(([name]) => optional.has(name)),
    ...(schema === undefined ? [] : ([["search_path", schema]] as const)),
  ].map(([name, value]) => [String(name), value ?? 0]);
  return settings.map(([name, value]) => `set local ${name} = ${value}`).join("; ");
}

/** PostgreSQL runs these in no transaction, and so with no such limits. */
export function isOutsideTransactions(sql: string): boolean {
  return /^\s*(?:vacuum\b|(?:create|drop|reindex)\b[^;]*\bconcurrently\b)/i.test(sql);
}
