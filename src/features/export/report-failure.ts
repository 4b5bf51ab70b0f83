// A failed export: reported, and kept for operators.

import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Report } from "../../platform/observe/report.ts";
import type { ExportConfig } from "./export-types.ts";
import { recordFailure } from "./overview-queries.ts";

/** Never rejects: what went wrong first is what counts, also where it cannot be kept. */
export async function reportFailure(
  { database, report }: { readonly database: Database; readonly report: Report },
  { id, name }: ExportConfig,
  error: unknown,
  now: UnixSeconds,
): Promise<void> {
  const code = codeOf(error) ?? "unexpected";
  // Nothing is wrong: somebody else does it, or the next run does.
  const isOvertaken = code === "export_overtaken";
  report({
    event: "export.failed",
    level: isOvertaken ? "info" : "error",
    config: name,
    code,
    why: String(error),
  });
  if (isOvertaken) return;
  const message = error instanceof CodedError ? error.message : "The log has the cause.";
  try {
    await recordFailure(database.db, id, { at: now, code, message });
  } catch {
    report({ event: "export.failure-not-recorded", level: "warn", config: name, code });
  }
}
