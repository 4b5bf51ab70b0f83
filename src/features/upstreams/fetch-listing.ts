// Fetches the listing of a server under every guard of KS 13.8, 6 and sorts its lines into usable and refused.

import { readLines } from "../../archive/listing/listing-reader.ts";
import type { ListingErrorCode } from "../../archive/listing/listing-types.ts";
import { resolveLine } from "../../archive/listing/resolve-line.ts";
import { CodedError } from "../../core/coded-error.ts";
import { shownUrl } from "../../platform/http/checked-url.ts";
import type { FetchDeps, RefusedLine, Upstream } from "./upstream-types.ts";

export interface Listing {
  /** In their order, each once, without leading slashes; those that cannot be used too. */
  readonly listed: readonly string[];
  /** The usable ones. */
  readonly lines: readonly string[];
  readonly refusedLines: readonly RefusedLine[];
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export const NO_VALIDATORS: Validators = { etag: null, lastModified: null };

/** Throws CodedError<ListingErrorCode | FetchErrorCode>. */
export async function fetchListing(
  { fetcher, limits }: Pick<FetchDeps, "fetcher" | "limits">,
  upstream: Upstream,
  last: Validators,
): Promise<Listing | "unchanged"> {
  const fetched = await fetcher({
    url: upstream.indexUrl,
    maxBytes: limits.indexMaxBytes,
    timeoutMilliseconds: limits.indexTimeoutMilliseconds,
    etag: last.etag ?? undefined,
    lastModified: last.lastModified ?? undefined,
    allowPrivateAddresses: upstream.allowPrivateAddresses,
  });
  if (fetched.outcome === "not_modified") return "unchanged";
  if (fetched.outcome === "status") throw refusedByStatus(upstream, fetched.status);
  const lines = readLines(upstream.listingFormat, fetched);
  if (lines.length > limits.indexMaxLines) throw tooManyLines(lines.length, limits.indexMaxLines);
  return { ...sortLines(upstream.baseUrl, lines), etag: fetched.etag, lastModified: fetched.lastModified };
}

function sortLines(baseUrl: string, given: readonly string[]): Pick<Listing, "listed" | "lines" | "refusedLines"> {
  const listed = new Set<string>();
  const lines = new Set<string>();
  const refusedLines: RefusedLine[] = [];
  for (const resolved of given.map((line) => resolveLine(baseUrl, line))) {
    listed.add(resolved.line);
    if ("refused" in resolved) refusedLines.push({ line: resolved.line, reason: resolved.refused });
    else lines.add(resolved.line);
  }
  return { listed: [...listed], lines: [...lines], refusedLines };
}

function refusedByStatus({ indexUrl }: Upstream, status: number): CodedError<ListingErrorCode> {
  const code = status === 404 || status === 410 ? "index_missing" : "index_unavailable";
  return new CodedError(code, `${shownUrl(indexUrl)} answered with status ${status}`);
}

function tooManyLines(count: number, most: number): CodedError<ListingErrorCode> {
  return new CodedError("index_too_many_lines", `the index has ${count} lines, more than ${most}`);
}
