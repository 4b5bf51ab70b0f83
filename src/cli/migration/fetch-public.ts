// Fetches indexes and archives as phones do, without an account anywhere.

import { type Exchange, exchange } from "../../client/exchange.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { ReadDeps } from "../../proof/read-tree.ts";

const TIMEOUT_MILLISECONDS = 60_000;

/** Bodies of an answer with status 200. Throws CodedError<DownloadErrorCode> for whatever else comes. */
export function fetchPublic(
  fetch: typeof globalThis.fetch,
  interrupted: AbortSignal,
): Pick<ReadDeps, "fetchIndex" | "fetchArchive"> {
  const fetchUntil: typeof fetch = (url, init = {}) =>
    fetch(url, { ...init, signal: AbortSignal.any([interrupted, ...(init.signal ? [init.signal] : [])]) });
  const connection = { fetch: fetchUntil, timeoutMilliseconds: TIMEOUT_MILLISECONDS };
  return {
    async fetchIndex(url, maxBytes) {
      const { headers, body } = answerOf(await exchange(connection, url, {}, maxBytes), "index");
      const contentType = headers.get("content-type");
      return { bytes: body, contentType, maxAgeSeconds: maxAgeOf(headers), servedAt: servedAtOf(headers) };
    },
    async fetchArchive(url, maxBytes) {
      return answerOf(await exchange(connection, url, {}, maxBytes), "archive").body;
    },
  };
}

type Answer = Extract<Exchange, { kind: "answer" }>;

function answerOf(exchanged: Exchange, what: "index" | "archive"): Answer {
  if (exchanged.kind === "failure") {
    const { code, message, cause } = exchanged;
    throw new CodedError(code, `the ${what} did not come: ${message}`, { cause });
  }
  if (exchanged.status === 200) return exchanged;
  throw new CodedError(codeOf(what, exchanged.status), `the ${what} came with status ${exchanged.status}`);
}

function codeOf(what: "index" | "archive", status: number): string {
  const isGone = status === 404 || status === 410;
  if (what === "index") return isGone ? "index_missing" : "index_unavailable";
  return isGone ? "archive_missing" : "archive_unavailable";
}

/** RFC 9111, 5.2.2: what shared caches go by comes first. */
function maxAgeOf(headers: Headers): number | null {
  const control = headers.get("cache-control") ?? "";
  const [, seconds] = /\bs-maxage=(\d{1,9})/i.exec(control) ?? /\bmax-age=(\d{1,9})/i.exec(control) ?? [];
  return seconds === undefined ? null : Number(seconds);
}

/** RFC 9110, 6.6.1: the time of the answer; a cache says how old its copy is. */
function servedAtOf(headers: Headers): number | null {
  const at = Date.parse(headers.get("date") ?? "");
  const age = headers.get("age") ?? "0";
  return Number.isNaN(at) || !/^\d{1,9}$/.test(age) ? null : at / 1_000 + Number(age);
}
