// Where a server's events go: lines of JSON, or of text on a terminal.

import type { Clock } from "../../core/clock.ts";
import type { Config } from "../../platform/config/config.ts";
import { createReport } from "../../platform/observe/pino-report.ts";
import type { Report } from "../../platform/observe/report.ts";
import { createTextReport } from "../../platform/observe/text-report.ts";
import type { Terminal } from "../surroundings.ts";

export interface Log {
  readonly form: "json" | "text";
  readonly report: Report;
  /** For start and stop, which are said whatever the level, unless it is silent. */
  readonly announce: Report;
}

export function openLog({ logLevel, logForm }: Config, terminal: Terminal, clock: Clock): Log {
  const form = logForm === "auto" ? (terminal.screen() === null ? "json" : "text") : logForm;
  const open = (level: typeof logLevel, isTrusted: boolean): Report =>
    form === "json"
      ? createReport({ level, isTrusted })
      : createTextReport({ level, isTrusted, clock, write: (line) => terminal.write(`${line}\n`) });
  const level = logLevel === "silent" ? "silent" : "info";
  return { form, report: open(logLevel, false), announce: open(level, true) };
}
