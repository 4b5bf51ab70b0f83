// Loaded before a program: its clock, in all its threads, is wrong by as many seconds as the file CLOCK_SHIFT_FILE says.

import { readFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";

const file = process.env["CLOCK_SHIFT_FILE"] ?? "";
/** How long the file is not read again: the time is asked for very often. */
const REMEMBERED_MILLISECONDS = 100;

let readAt = -Infinity;
let shiftMilliseconds = 0;

function shift(): number {
  if (performance.now() - readAt < REMEMBERED_MILLISECONDS) return shiftMilliseconds;
  readAt = performance.now();
  shiftMilliseconds = Number(readFileSync(file, "utf8")) * 1_000;
  return shiftMilliseconds;
}

const RealDate = Date;

class ShiftedDate extends RealDate {
  constructor(...parts: unknown[]) {
    super(...((parts.length === 0 ? [ShiftedDate.now()] : parts) as ConstructorParameters<typeof Date>));
  }

  static override now(): number {
    return RealDate.now() + shift();
  }
}

class ShiftedWorker extends threads.Worker {
  constructor(program: string | URL, options: threads.WorkerOptions = {}) {
    super(program, { ...options, execArgv: [...(options.execArgv ?? []), "--import", import.meta.filename] });
  }
}

globalThis.Date = ShiftedDate as DateConstructor;
threads.Worker = ShiftedWorker;
syncBuiltinESMExports();
