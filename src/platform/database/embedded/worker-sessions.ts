// The program's side of the embedded database: one session, one borrower at a time, served by the worker thread.

import { dirname, extname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { CodedError } from "../../../core/coded-error.ts";
import type { DatabaseErrorCode } from "../database.ts";
import type { Session, Sessions, StatementResult } from "../sessions.ts";
import { databaseFull, sqlFailure } from "../sql-failure.ts";
import { freeBytesAt } from "./free-bytes.ts";
import { Mutex } from "./mutex.ts";
import { transferable, type WorkerReply, type WorkerRequest, type WorkerSettings } from "./worker-protocol.ts";

interface Pending {
  resolve(result: StatementResult): void;
  reject(error: unknown): void;
}

/** Between two attempts to start a database again that does not start. */
const REST_MILLISECONDS = 2_000;
/** PostgreSQL writes its log in files of 16 MiB, and needs one to start. */
const ROOM_TO_START_BYTES = 2 * 16 * 1_024 ** 2;

export class WorkerSessions implements Sessions, Session {
  private readonly settings: WorkerSettings;
  private readonly mutex = new Mutex();
  private worker: Worker;
  /** Requests without a reply, in the order in which the worker answers. */
  private readonly pending: Pending[] = [];
  private ended: CodedError<DatabaseErrorCode> | undefined;
  private isResting = false;
  private isClosed = false;

  private constructor(settings: WorkerSettings) {
    this.settings = settings;
    this.worker = this.startWorker();
  }

  /** Starts the worker and waits until its database is open. */
  static async start(settings: WorkerSettings): Promise<WorkerSessions> {
    const sessions = new WorkerSessions(settings);
    await sessions.untilReply();
    return sessions;
  }

  /** A database that has ended is started again for the next borrower: its log brings back what was committed. */
  async acquire(): Promise<Session> {
    await this.mutex.acquire();
    try {
      if (this.ended !== undefined && this.mayStartAgain()) await this.startAgain();
      return this;
    } catch (error) {
      this.mutex.release();
      throw error;
    }
  }

  release(): void {
    this.mutex.release();
  }

  async run(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    // A view is copied by its own range: otherwise its whole buffer would travel.
    const own = parameters.map((value) => (value instanceof Uint8Array ? new Uint8Array(value) : value));
    return this.request({ kind: "statement", sql, parameters: own }, transferable(own));
  }

  /** Waits for what runs, then closes; whoever asks later is refused. */
  async close(): Promise<void> {
    await this.mutex.acquire();
    try {
      this.isClosed = true;
      if (this.ended !== undefined) return;
      await this.request({ kind: "close" }, []);
      this.ended = new CodedError("database_unreachable", "the embedded database was closed");
      await this.worker.terminate();
    } finally {
      this.mutex.release();
    }
  }

  private startWorker(): Worker {
    // TypeScript in the repository, JavaScript in the package: like this file.
    const program = join(import.meta.dirname, `database-worker${extname(import.meta.filename)}`);
    const worker = new Worker(program, { workerData: this.settings, execArgv: [] });
    const end = (reason: string, cause?: unknown) => {
      if (this.worker === worker) this.end(died(this.settings, reason, cause));
    };
    worker.on("message", (reply: WorkerReply) => {
      if (this.worker === worker) this.settle(reply);
    });
    worker.on("error", (cause) => end(String(cause), cause));
    worker.on("exit", (code) => end(`its thread ended with exit code ${code}`));
    return worker;
  }

  /** What was only in memory is gone with its thread. */
  private mayStartAgain(): boolean {
    return this.settings.dataFolder !== null && !this.isClosed && !this.isResting;
  }

  private async startAgain(): Promise<void> {
    this.worker = this.startWorker();
    this.ended = undefined;
    try {
      await this.untilReply();
    } catch (error) {
      this.isResting = true;
      setTimeout(() => {
        this.isResting = false;
      }, REST_MILLISECONDS).unref();
      throw error;
    }
  }

  private untilReply(): Promise<StatementResult> {
    return new Promise((resolve, reject) => this.pending.push({ resolve, reject }));
  }

  private request(request: WorkerRequest, transfer: ArrayBuffer[]): Promise<StatementResult> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    this.worker.postMessage(request, transfer);
    return this.untilReply();
  }

  private settle(reply: WorkerReply): void {
    const pending = this.pending.shift();
    if (reply.ok) pending?.resolve(reply);
    else pending?.reject(sqlFailure(Object.assign(new Error(reply.message), reply.fields)));
  }

  private end(error: CodedError<DatabaseErrorCode>): void {
    this.ended ??= error;
    for (const pending of this.pending.splice(0)) pending.reject(this.ended);
  }
}

function died({ dataFolder }: WorkerSettings, reason: string, cause: unknown): CodedError<DatabaseErrorCode> {
  if (dataFolder !== null && freeBytesAt(dirname(dataFolder)) < ROOM_TO_START_BYTES) return databaseFull(cause);
  return new CodedError("database_unreachable", `the embedded database stopped: ${reason}`, {
    remedy: "It is started again by itself when it is used next; what was committed is kept.",
    cause,
  });
}
