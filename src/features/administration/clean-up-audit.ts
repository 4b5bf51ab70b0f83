// Forgets old entries of the audit log, where an operator wants that.

import type { UnixSeconds } from "../../core/clock.ts";
import type { Database } from "../../platform/database/database.ts";
import type { Report } from "../../platform/observe/report.ts";
import { deleteAuditEntries } from "./audit-queries.ts";

const ENTRIES_AT_ONCE = 10_000;

/** Deletes what was written more than `keptSeconds` before `now`. */
export async function cleanUpAudit(
  { database, report }: { readonly database: Database; readonly report: Report },
  keptSeconds: number,
  now: UnixSeconds,
): Promise<void> {
  let entries = 0;
  for (;;) {
    const deleted = await deleteAuditEntries(database.db, now - keptSeconds, ENTRIES_AT_ONCE);
    entries += deleted;
    if (deleted < ENTRIES_AT_ONCE) break;
  }
  if (entries > 0) report({ event: "administration.audit-cleaned", entries });
}
