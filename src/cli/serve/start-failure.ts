// Why a server did not start, in one sentence with a code and, where there is one, the way out.

import { CodedError } from "../../core/coded-error.ts";
import { redactSecrets } from "../../platform/observe/redact-secrets.ts";

export type ServeErrorCode =
  /** The data folder, or something in it, cannot be used by this user. */
  | "folder_unusable"
  /** The start used up its time. */
  | "server_start_overdue"
  /** Something did not close in time. */
  | "server_stop_overdue";

const REFUSED_BY_SYSTEM = new Set(["EACCES", "EPERM", "EROFS", "ENOTDIR", "ENOSPC", "EDQUOT"]);

/** Coded errors as they are; others without their stack. */
export function startFailure(error: unknown): CodedError {
  if (error instanceof CodedError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const systemCode: unknown = error instanceof Error && "code" in error ? error.code : null;
  const shown = String(redactSecrets(message));
  if (typeof systemCode === "string" && REFUSED_BY_SYSTEM.has(systemCode)) {
    return new CodedError<ServeErrorCode>("folder_unusable", `the data folder cannot be used: ${shown}`, {
      remedy: "Let this user read and write the folder, make room, or name another one.",
      cause: error,
    });
  }
  return new CodedError("unexpected", shown, { cause: error });
}

/** `step`: what the start was doing. */
export function startOverdue(seconds: number, step: string | null): CodedError {
  const doing = step === null ? "" : `; it was opening: ${step}`;
  return new CodedError<ServeErrorCode>("server_start_overdue", `the start took more than ${seconds} s${doing}`, {
    remedy: "See what that waits for, or allow more time: startWithinSeconds. What was done is kept.",
  });
}

/** `unclosed`: the names of what did not close. */
export function stopOverdue(seconds: number, unclosed: string): CodedError {
  const message = `not closed within ${seconds} s: ${unclosed || "nothing that is known"}`;
  return new CodedError<ServeErrorCode>("server_stop_overdue", message, {
    remedy:
      "The process ended all the same. Work that was under way is done again; stopWithinSeconds allows more time.",
  });
}
