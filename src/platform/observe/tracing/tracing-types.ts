// What a process does with traces, and what it has to know for it.

import type { AnswerObserver } from "../../http/observe-answers.ts";
import type { Trace } from "../trace.ts";

export interface TracingOptions {
  /** Where the collector takes traces: `http://collector:4318/v1/traces`. */
  readonly endpoint: string;
  /** The part of all traces that is kept, 0 to 1. */
  readonly probability: number;
  /** Which server the traces are of. */
  readonly name: string;
  readonly version: string;
}

export interface Tracing {
  readonly trace: Trace;
  readonly answers: AnswerObserver;
  /** Sends what is waiting, as far as the collector takes it. */
  close(): Promise<void>;
}
