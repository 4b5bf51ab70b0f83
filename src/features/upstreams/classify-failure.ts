// Sorts what can go wrong with an archive by who can mend it, which decides how long it is retried.

import type { ArchiveErrorCode } from "../../archive/archive-types.ts";
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

/**
 * Whether another archive of the server, which was good before, is good now; unknown: there is none to ask for. One that
 * seems unwell for two days counts as well, since the archive that is asked for may be gone itself.
 */
export type ServerHealth = "well" | "unwell" | "unknown";

export interface FailureContext {
  readonly isIndexReadable: boolean;
  /** Whether the server has moved since the archive was asked for. */
  readonly isMoved: boolean;
  readonly server: ServerHealth;
}

/** A server that is unwell: no connection, no end, 429 or 5xx. */
const OUTAGES: ReadonlySet<string> = new Set<FetchErrorCode | UpstreamErrorCode>([
  "fetch_failed",
  "fetch_timeout",
  "fetch_cut_short",
  "archive_unavailable",
]);

/** Answers that a server which is unwell gives for archives that are there, and what each means of one that is well. */
const SUSPECT: Readonly<Partial<Record<string, FailureClass>>> = {
  archive_missing: "missing",
  archive_forbidden: "missing",
  archive_html: "damaged",
  archive_empty: "damaged",
  archive_not_zip: "damaged",
} satisfies Partial<Record<UpstreamErrorCode | ArchiveErrorCode, FailureClass>>;

/** Whether the failure says that the other archives of the server could not be had now either. */
export function isOutage(code: string | null): boolean {
  return code !== null && OUTAGES.has(code);
}

/** Whether the failure may be the server's or the archive's: asking for another archive tells. */
export function isSuspect(error: unknown): boolean {
  return SUSPECT[codeOf(error) ?? ""] !== undefined;
}

/**
 * Anything that is not known to be the archive's own fault is retried without end, so that it can never cost an archive.
 *
 * | failure | index cannot be read | other archive bad | nothing to ask for | other archive good |
 * | --- | --- | --- | --- | --- |
 * | no answer, cut short, 429, 5xx; other statuses; our own | unreachable | unreachable | unreachable | unreachable |
 * | 404, 410, 401, 403 | unreachable | unreachable | missing | missing |
 * | a page, an empty body, no zip | unreachable | unreachable | missing | damaged |
 * | too large, damaged, wrongly signed, not allowed | damaged | damaged | damaged | damaged |
 *
 * What was wrong at a place from which the server has moved meanwhile says nothing about the archive.
 */
export function classifyFailure(error: unknown, { isIndexReadable, isMoved, server }: FailureContext): Failure {
  const code = codeOf(error) ?? "unexpected";
  if (isMoved) return { kind: "unreachable", reason: code };
  const ofWell = SUSPECT[code];
  if (ofWell !== undefined) {
    if (!isIndexReadable || server === "unwell") return { kind: "unreachable", reason: code };
    return { kind: server === "well" ? ofWell : "missing", reason: code };
  }
  if (code === "fetch_too_large") return { kind: "damaged", reason: "archive_too_large" };
  if (code === "archive_unavailable" || code === "archive_unobtainable" || !code.startsWith("archive_")) {
    return { kind: "unreachable", reason: code };
  }
  return { kind: "damaged", reason: code };
}
