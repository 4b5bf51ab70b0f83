// Reported events as lines for people who watch a terminal.

import type { Clock } from "../../core/clock.ts";
import { isoTime } from "../../core/clock.ts";
import { printableText } from "../../core/printable-text.ts";
import type { LogLevel } from "./pino-report.ts";
import { redactSecrets } from "./redact-secrets.ts";
import type { Report } from "./report.ts";

export interface TextReportOptions {
  readonly level: LogLevel;
  readonly clock: Clock;
  readonly write: (line: string) => void;
  /** Whether the fields are known to hold no secrets. */
  readonly isTrusted?: boolean;
}

const ORDER: readonly LogLevel[] = ["debug", "info", "warn", "error", "silent"];

/** `10:06:40 warn  import.archive-retried source=state code=fetch_timeout`; what looks like key material is redacted. */
export function createTextReport({ level, clock, write, isTrusted = false }: TextReportOptions): Report {
  const least = ORDER.indexOf(level);
  return ({ event, level: own = "info", ...fields }) => {
    if (ORDER.indexOf(own) < least) return;
    const shown = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
    const text = shown
      .map(([name, value]) => `${name}=${quote(String(isTrusted ? value : redactSecrets(value)))}`)
      .join(" ");
    write(`${isoTime(clock.now()).slice(11, 19)} ${own.padEnd(5)} ${event} ${text}`.trimEnd());
  };
}

/** A field cannot forge a line, nor move the cursor or turn the direction of what follows. */
function quote(value: string): string {
  return /^[\x21\x23-\x7e]+$/.test(value) ? value : printableText(JSON.stringify(value));
}
