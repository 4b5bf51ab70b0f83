// Failures that an engine words in SQLSTATEs, in our codes where there is a way out.

import { CodedError } from "../../core/coded-error.ts";
import type { DatabaseErrorCode } from "./database.ts";

const DISK_FULL = "53100";

/** `database_full` where the database has no room left; any other error as it is. */
export function sqlFailure(error: unknown): unknown {
  return error instanceof Error && "code" in error && error.code === DISK_FULL ? databaseFull(error) : error;
}

export function databaseFull(cause: unknown): CodedError<DatabaseErrorCode> {
  return new CodedError("database_full", "the database has no room left; nothing was changed", {
    remedy: "Make room on its disk. What was committed is kept, and the work goes on by itself.",
    cause,
  });
}
