// Sorts what can go wrong with an archive by who can mend it, which decides how long it is tried.

import { codeOf } from "../../core/coded-error.ts";
import type { FetchErrorCode } from "../../platform/http/fetcher.ts";
import type { UpstreamErrorCode } from "./upstream-types.ts";

/**
 * unreachable: the server or our database is away, retried without end, so that an outage costs nothing.
 * missing: listed but not there. damaged: there, but not to be taken; perhaps only half uploaded.
 */
export type FailureClass = "unreachable" | "missing" | "damaged";

export interface Failure {
  readonly kind: FailureClass;
  /** The code of what went wrong. */
  readonly reason: string;
}

/** Codes of a server that is unwell: no connection, no end, 429 or 5xx. */
const OUTAGES: ReadonlySet<string> = new Set<FetchErrorCode | UpstreamErrorCode>([
  "fetch_failed",
  "fetch_timeout",
  "fetch_cut_short",
  "archive_unavailable",
]);

/** Whether the failure says that the other archives of the server could not be had now either. */
export function isOutage(code: string | null): boolean {
  return code !== null && OUTAGES.has(code);
}

/**
 * Anything that is not known to be the archive's own fault is retried without end, so that it can never cost an archive.
 * `archive_forbidden` is its own answer only while the server does not refuse us its index as well. What was wrong at
 * a place from which the server has moved meanwhile says nothing about the archive.
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
