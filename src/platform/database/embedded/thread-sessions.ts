// The embedded database in the caller's own thread and in memory: for a thread that has nothing else to do meanwhile, since
// nothing else happens in it while a statement runs. It spares the way to another thread and back, twice a statement's time.

import type { PGlite } from "@electric-sql/pglite";
import type { Session, Sessions, StatementResult } from "../sessions.ts";
import { sqlFailure } from "../sql-failure.ts";
import { Mutex } from "./mutex.ts";
import { openPGlite } from "./open-pglite.ts";
import { runStatement } from "./run-statement.ts";

export class ThreadSessions implements Sessions, Session {
  private readonly pglite: PGlite;
  private readonly mutex = new Mutex();

  private constructor(pglite: PGlite) {
    this.pglite = pglite;
  }

  static async start(): Promise<ThreadSessions> {
    return new ThreadSessions(await openPGlite({ dataFolder: null }));
  }

  async acquire(): Promise<Session> {
    await this.mutex.acquire();
    return this;
  }

  release(): void {
    this.mutex.release();
  }

  async run(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    try {
      return await runStatement(this.pglite, sql, parameters);
    } catch (error) {
      throw sqlFailure(error);
    }
  }

  /** Waits for what runs. */
  async close(): Promise<void> {
    await this.mutex.acquire();
    await this.pglite.close();
  }
}
