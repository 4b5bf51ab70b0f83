// What a database engine has to offer, so that one Kysely driver serves the embedded database and PostgreSQL alike.

import type { StatementLimits } from "./database.ts";

export interface StatementResult {
  readonly rows: readonly unknown[];
  /** Rows inserted, updated or deleted. */
  readonly affected: number;
  /** The first word of the command tag, such as `INSERT` or `ROLLBACK`. */
  readonly command: string;
}

export interface Session {
  /**
   * Runs `sql` on this session. Without parameters it may hold several statements; the rows are then those of all of
   * them, the rest of the result is the last one's.
   * Values come back alike on every engine: int8 as number, bytea as Uint8Array.
   */
  run(sql: string, parameters: readonly unknown[], limits?: StatementLimits): Promise<StatementResult>;
}

/** Hands out sessions; a session belongs to one borrower until it is released. */
export interface Sessions {
  acquire(): Promise<Session>;
  /** `usable` is false when the session's state is unknown, so that nobody gets it again. */
  release(session: Session, usable: boolean): void;
  close(): Promise<void>;
}
