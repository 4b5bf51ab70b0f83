// Sorts what can go wrong with an archive by who can mend it, which decides how long it is tried.

import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { FetchResult } from "../../platform/http/fetcher.ts";
import type { ImportErrorCode } from "./import-types.ts";
import type { Failure } from "./state-machine.ts";

/** Anything that is not known to be the archive's own fault counts as an outage, so that it can never cost an archive. */
export function classifyFailure(error: unknown): Failure {
  const code = codeOf(error) ?? "unexpected";
  if (code === "archive_missing" || code === "archive_forbidden") return { kind: "missing", reason: code };
  if (code === "fetch_too_large") return { kind: "damaged", reason: "archive_too_large" };
  if (code === "archive_unavailable" || !code.startsWith("archive_")) return { kind: "unreachable", reason: code };
  return { kind: "damaged", reason: code };
}

/** Throws `archive_missing`, `archive_forbidden` or `archive_unavailable` unless a body came. */
export function requireBody(fetched: FetchResult): Extract<FetchResult, { outcome: "ok" }> {
  if (fetched.outcome === "ok") return fetched;
  const status = fetched.outcome === "status" ? fetched.status : 304;
  throw new CodedError(codeOfStatus(status), `the source answered with status ${status}`);
}

/** Object stores answer 403 for what is not there when the asker may not list. */
function codeOfStatus(status: number): ImportErrorCode {
  if (status === 404 || status === 410) return "archive_missing";
  return status === 401 || status === 403 ? "archive_forbidden" : "archive_unavailable";
}
