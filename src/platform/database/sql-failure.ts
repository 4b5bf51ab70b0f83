// Failures that an engine words in SQLSTATEs, in our codes where there is a way out.

import { CodedError } from "../../core/coded-error.ts";
import type { DatabaseErrorCode } from "./database.ts";

const DISK_FULL = "53100";
const NO_RIGHT = "42501";
/** A statement was called off: it waited too long for a lock, or took too long. */
const CALLED_OFF: ReadonlySet<unknown> = new Set(["55P03", "57014"]);

/**
 * `database_full` where the database has no room left, `database_busy` where it took too long, `database_rights_missing`
 * where the user may not do it; any other error as it is.
 */
export function sqlFailure(error: unknown): unknown {
  if (!(error instanceof Error && "code" in error)) return error;
  if (error.code === DISK_FULL) return databaseFull(error);
  if (error.code === NO_RIGHT) return rightsMissing(error);
  return CALLED_OFF.has(error.code) ? databaseBusy(error) : error;
}

function rightsMissing(cause: Error): CodedError<DatabaseErrorCode> {
  return new CodedError("database_rights_missing", `the database refuses it to this user: ${cause.message}`, {
    remedy: "Have the owner of the database grant what the sentence names.",
    cause,
  });
}

function databaseBusy(cause: Error): CodedError<DatabaseErrorCode> {
  return new CodedError("database_busy", `the database called a statement off: ${cause.message}`, {
    remedy: "The work is done again. If it goes on, look for what holds locks in pg_stat_activity, and at the load.",
    cause,
  });
}

export function databaseFull(cause: unknown): CodedError<DatabaseErrorCode> {
  return new CodedError("database_full", "the database has no room left; nothing was changed", {
    remedy: "Make room on its disk. What was committed is kept, and the work goes on by itself.",
    cause,
  });
}
