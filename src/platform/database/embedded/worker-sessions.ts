// The program's side of the embedded database: one session, one borrower at a time, served by the worker thread.

import { extname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { CodedError } from "../../../core/coded-error.ts";
import type { DatabaseErrorCode } from "../database.ts";
import type { Session, Sessions, StatementResult } from "../sessions.ts";
import { Mutex } from "./mutex.ts";
import { transferable, type WorkerReply, type WorkerRequest, type WorkerSettings } from "./worker-protocol.ts";

interface Pending {
  resolve(result: StatementResult): void;
  reject(error: unknown): void;
}

export class WorkerSessions implements Sessions, Session {
  private readonly worker: Worker;
  private readonly mutex = new Mutex();
  /** Requests without a reply, in the order in which the worker answers. */
  private readonly pending: Pending[] = [];
  private ended: CodedError<DatabaseErrorCode> | undefined;

  private constructor(settings: WorkerSettings) {
    // TypeScript in the repository, JavaScript in the package: like this file.
    const program = join(import.meta.dirname, `database-worker${extname(import.meta.filename)}`);
    this.worker = new Worker(program, { workerData: settings, execArgv: [] });
    this.worker.on("message", (reply: WorkerReply) => this.settle(reply));
    this.worker.on("error", (cause) => this.end(died(String(cause), cause)));
    this.worker.on("exit", (code) => this.end(died(`its thread ended with exit code ${code}`)));
  }

  /** Starts the worker and waits until its database is open. */
  static async start(settings: WorkerSettings): Promise<WorkerSessions> {
    const sessions = new WorkerSessions(settings);
    await new Promise<StatementResult>((resolve, reject) => sessions.pending.push({ resolve, reject }));
    return sessions;
  }

  async acquire(): Promise<Session> {
    await this.mutex.acquire();
    return this;
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
      if (this.ended !== undefined) return;
      await this.request({ kind: "close" }, []);
      this.ended = new CodedError("database_unreachable", "the embedded database was closed");
      await this.worker.terminate();
    } finally {
      this.mutex.release();
    }
  }

  private request(request: WorkerRequest, transfer: ArrayBuffer[]): Promise<StatementResult> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    return new Promise((resolve, reject) => {
      this.worker.postMessage(request, transfer);
      this.pending.push({ resolve, reject });
    });
  }

  private settle(reply: WorkerReply): void {
    const pending = this.pending.shift();
    if (reply.ok) pending?.resolve(reply);
    else pending?.reject(Object.assign(new Error(reply.message), reply.fields));
  }

  private end(error: CodedError<DatabaseErrorCode>): void {
    this.ended ??= error;
    for (const pending of this.pending.splice(0)) pending.reject(this.ended);
  }
}

function died(reason: string, cause?: unknown): CodedError<DatabaseErrorCode> {
  return new CodedError("database_unreachable", `the embedded database stopped: ${reason}`, {
    remedy: "Start the program again; what was committed is kept.",
    cause,
  });
}
