// Sorts what can go wrong with an archive by who can mend it, which decides how long it is tried.

import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { FetchErrorCode, FetchResult } from "../../platform/http/fetcher.ts";
import type { ImportErrorCode } from "./import-types.ts";
import type { Failure } from "./state-machine.ts";

/** Codes of a server that is unwell: no connection, no end, 429 or 5xx. */
const OUTAGES: ReadonlySet<string> = new Set<FetchErrorCode | ImportErrorCode>([
  "fetch_failed",
  "fetch_timeout",
  "fetch_cut_short",
  "archive_unavailable",
]);

/** Whether the failure says that the other archives of the source could not be had now either. */
export function isOutage(code: string | null): boolean {
  return code !== null && OUTAGES.has(code);
}

/**
 * Anything that is not known to be the archive's own fault is tried for ever, so that it can never cost an archive.
 * `archive_forbidden` is its own answer only while the source does not refuse us its index as well. What was wrong at
 * a place from which the source has moved meanwhile says nothing about the archive.
 */
export function classifyFailure(
  error: unknown,
  { isIndexReadable, isMoved }: { isIndexReadable: boolean; isMoved: boolean },
): Failure {
  const code = codeOf(error) ?? "unexpected";
  if (isMoved) return { kind: "unreachable", reason: code };
  if (code === "archive_missing") return { kind: "missing", reason: code };
  if (code === "archive_forbidden") return { kind: isIndexReadable ? "missing" : "unreachable", reason: code };
  if (code === "fetch_too_large") return { kind: "damaged", reason: "archive_too_large" };
  if (code === "archive_unavailable" || code === "archive_unobtainable" || !code.startsWith("archive_")) {
    return { kind: "unreachable", reason: code };
  }
  return { kind: "damaged", reason: code };
}

/** Throws `archive_missing`, `archive_forbidden`, `archive_unavailable` or `archive_unobtainable` unless a body came. */
export function requireBody(fetched: FetchResult): Extract<FetchResult, { outcome: "ok" }> {
  if (fetched.outcome === "ok") return fetched;
  const status = fetched.outcome === "status" ? fetched.status : 304;
  throw new CodedError(codeOfStatus(status), `the source answered with status ${status}`);
}

/** Object stores answer 403 for what is not there when the asker may not list. */
function codeOfStatus(status: number): ImportErrorCode {
  if (status === 404 || status === 410) return "archive_missing";
  if (status === 401 || status === 403) return "archive_forbidden";
  return status === 429 || status >= 500 ? "archive_unavailable" : "archive_unobtainable";
}
