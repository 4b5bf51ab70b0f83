// What went wrong with a fetch, as one of its codes.

import { CodedError } from "../../core/coded-error.ts";
import type { FetchErrorCode } from "./fetcher.ts";

export function fetchError(code: FetchErrorCode, message: string, cause?: unknown): CodedError<FetchErrorCode> {
  return cause === undefined ? new CodedError(code, message) : new CodedError(code, message, { cause });
}

const CODES: Readonly<Record<string, FetchErrorCode>> = {
  UND_ERR_CONNECT_TIMEOUT: "fetch_timeout",
  UND_ERR_HEADERS_TIMEOUT: "fetch_timeout",
  UND_ERR_BODY_TIMEOUT: "fetch_timeout",
  UND_ERR_HEADERS_OVERFLOW: "fetch_too_large",
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "fetch_cut_short",
};

/** Translates what the HTTP client threw; `otherwise` is the code where it says nothing more exact. */
export function translateFetchError(error: unknown, url: string, otherwise: FetchErrorCode): CodedError {
  if (error instanceof CodedError) return error;
  if (!(error instanceof Error)) return fetchError(otherwise, `${url}: ${String(error)}`, error);
  const name = "code" in error ? String(error.code) : "";
  return fetchError(CODES[name] ?? otherwise, `${url}: ${error.message || name}`, error);
}
