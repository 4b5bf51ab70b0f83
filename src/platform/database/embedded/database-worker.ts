// The worker thread that holds PGlite, because its queries would keep the main thread from everything else.

import { parentPort, workerData } from "node:worker_threads";
import type { PGlite } from "@electric-sql/pglite";
import { openPGlite } from "./open-pglite.ts";
import { runStatement } from "./run-statement.ts";
import {
  SQL_ERROR_FIELDS,
  transferable,
  type WorkerReply,
  type WorkerRequest,
  type WorkerSettings,
} from "./worker-protocol.ts";

const port = parentPort;
if (port === null) throw new Error("this file runs as a worker thread");

/** One after the other, in the order in which they were asked. */
let previous = start();

port.on("message", (request: WorkerRequest) => {
  previous = previous.then((pglite) => serve(pglite, request));
});

async function start(): Promise<PGlite> {
  const settings: WorkerSettings = workerData;
  const pglite = await openPGlite(settings);
  send({ ok: true, rows: [], affected: 0, command: "START" });
  return pglite;
}

async function serve(pglite: PGlite, request: WorkerRequest): Promise<PGlite> {
  if (request.kind === "close") {
    await pglite.close();
    send({ ok: true, rows: [], affected: 0, command: "CLOSE" });
    port?.close();
    return pglite;
  }
  try {
    send({ ok: true, ...(await runStatement(pglite, request.sql, request.parameters)) });
  } catch (error) {
    send(failure(error));
    // Then it answers nothing any more, and waiting for it would have no end: this thread ends with it.
    if (isItsEnd(error)) throw error;
  }
  return pglite;
}

/** PostgreSQL ends itself where going on could harm what is committed: above all where the log has no room left. */
function isItsEnd(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // WebAssembly's own error: the program was torn out of its work.
  if (error.name === "RuntimeError") return true;
  return "severity" in error && (error.severity === "PANIC" || error.severity === "FATAL");
}

function failure(error: unknown): WorkerReply {
  if (!(error instanceof Error)) return { ok: false, message: String(error), fields: {} };
  const said = new Map(Object.entries(error));
  const fields = Object.fromEntries(
    SQL_ERROR_FIELDS.filter((name) => said.has(name)).map((name) => [name, said.get(name)]),
  );
  return { ok: false, message: error.message, fields };
}

function send(reply: WorkerReply): void {
  port?.postMessage(reply, reply.ok ? transferable(bytesOf(reply.rows)) : []);
}

function* bytesOf(rows: readonly unknown[]): Generator {
  for (const row of rows) if (typeof row === "object" && row !== null) yield* Object.values(row);
}
