// Reported events as structured log lines: one JSON object a line.

import { type DestinationStream, destination as openDestination, pino, stdTimeFunctions } from "pino";
import { type Clock, isoTime } from "../../core/clock.ts";
import { printableText } from "../../core/printable-text.ts";
import { redactSecrets } from "./redact-secrets.ts";
import type { Report, ReportedEvent } from "./report.ts";

export type LogLevel = "debug" | "info" | "warn" | "error" | "silent";

export interface ReportOptions {
  /** Events below this level are dropped. */
  readonly level: LogLevel;
  /** Where the lines go; standard output by default. */
  readonly destination?: DestinationStream;
  /** Whose time the lines carry; the machine's by default. */
  readonly clock?: Clock;
  /** Whether the fields are known to hold no secrets, so that nothing is taken out by its looks. */
  readonly isTrusted?: boolean;
}

/** A Report that writes `{"level","time","event",...fields}`; fields that look like key material are redacted. */
export function createReport(options: ReportOptions): Report {
  const { level, clock } = options;
  const logger = pino(
    {
      level,
      base: null,
      timestamp: clock === undefined ? stdTimeFunctions.isoTime : () => `,"time":"${isoTime(clock.now())}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    printableLines(options.destination ?? openOutput()),
  );
  return (event) => logger[event.level ?? "info"](loggedFields(event, options.isTrusted === true));
}

function loggedFields(reported: ReportedEvent, isTrusted: boolean): Record<string, string | number | boolean | null> {
  const { event, level: _level, time: _time, ...fields } = reported;
  const logged: Record<string, string | number | boolean | null> = { event };
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) logged[name] = isTrusted ? value : redactSecrets(value);
  }
  return logged;
}

/** Escapes in the JSON itself: it parses to the same fields, and a terminal that shows it obeys none of them. */
function printableLines(destination: DestinationStream): DestinationStream {
  return { write: (line) => destination.write(`${printableText(line.trimEnd())}\n`) };
}

/** A line that cannot be written, because its disk is full or its terminal is closed, is lost; the work goes on. */
function openOutput(): DestinationStream {
  return openDestination({ fd: 1, sync: true }).on("error", () => undefined);
}
