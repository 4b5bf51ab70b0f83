// The end of an export: once the keys that run when it ends are released and exported, it has ended.

import type { UnixSeconds } from "../../core/clock.ts";
import { truncateWindow } from "../../core/intervals.ts";
import { lifeOf } from "../../core/life.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Report } from "../../platform/observe/report.ts";
import { readLastRelease } from "../exposures/page-queries.ts";
import type { ExportConfig, RunSettings } from "./export-types.ts";
import { markEnded, writeEndingUntil } from "./queries.ts";

/** Where its last window ends, as far as is known: a key that runs at its end is released when it is over. */
export function lastEnd({ thru, endingUntil }: Pick<ExportConfig, "thru" | "endingUntil">): UnixSeconds | null {
  return thru === null ? null : Math.max(thru, endingUntil ?? thru);
}

export function lifeOfExport({ from, thru, endedAt }: ExportConfig, now: UnixSeconds) {
  return lifeOf({ from, until: thru, endedAt }, now);
}

/**
 * Of a configuration that has exported everything up to its last end. The first time this is `thru`: then it looks how
 * long the keys still run that are here by now, and goes on for as long. What comes later holds up no end.
 */
export async function settleEnd(
  { database: { db }, report }: { readonly database: Database; readonly report: Report },
  config: ExportConfig,
  { truncateWindowSeconds }: RunSettings,
  now: UnixSeconds,
): Promise<void> {
  const { thru, endingUntil } = config;
  if (thru === null) return;
  if (endingUntil === null) {
    const last = await readLastRelease(db, config.filter, thru);
    const until = last === null ? thru : truncateWindow(last, truncateWindowSeconds) + truncateWindowSeconds;
    if (!(await writeEndingUntil(db, config, until))) return;
    if (until > thru) {
      report({ event: "export.ending", config: config.name, until });
      return;
    }
  }
  if (await markEnded(db, config, now)) report({ event: "export.ended", config: config.name, givenUp: null });
}
