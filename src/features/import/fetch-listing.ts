// Fetches the index of a source under every guard of KS 13.8, 6 and sorts its lines into usable and refused.

import { listingReaders } from "../../archive/listing/listing-reader.ts";
import type { ListingErrorCode } from "../../archive/listing/listing-types.ts";
import { resolveLine } from "../../archive/listing/resolve-line.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { ImportDeps, ImportSource } from "./import-types.ts";
import type { RefusedLine } from "./sources/source-types.ts";

export interface Listing {
  /** Usable ones, in their order, each once, without leading slashes. */
  readonly lines: readonly string[];
  readonly refusedLines: readonly RefusedLine[];
  readonly etag: string | null;
  readonly lastModified: string | null;
}

interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

/** Throws CodedError<ListingErrorCode | FetchErrorCode>. */
export async function fetchListing(
  { fetcher, settings }: Pick<ImportDeps, "fetcher" | "settings">,
  source: ImportSource,
  last: Validators,
): Promise<Listing | "unchanged"> {
  const fetched = await fetcher({
    url: source.indexUrl,
    maxBytes: settings.indexMaxBytes,
    timeoutMilliseconds: settings.indexTimeoutMilliseconds,
    etag: last.etag ?? undefined,
    lastModified: last.lastModified ?? undefined,
    allowPrivateAddresses: source.allowPrivateAddresses,
  });
  if (fetched.outcome === "not_modified") return "unchanged";
  if (fetched.outcome === "status") throw refusedByStatus(fetched.status);
  const lines = listingReaders[source.listingFormat](fetched);
  if (lines.length > settings.indexMaxLines) throw tooManyLines(lines.length, settings.indexMaxLines);
  return { ...sortLines(source.baseUrl, lines), etag: fetched.etag, lastModified: fetched.lastModified };
}

function sortLines(baseUrl: string, lines: readonly string[]): Pick<Listing, "lines" | "refusedLines"> {
  const usable = new Set<string>();
  const refusedLines: RefusedLine[] = [];
  for (const given of lines) {
    const resolved = resolveLine(baseUrl, given);
    if ("refused" in resolved) refusedLines.push({ line: resolved.line, reason: resolved.refused });
    else usable.add(resolved.line);
  }
  return { lines: [...usable], refusedLines };
}

function refusedByStatus(status: number): CodedError<ListingErrorCode> {
  const code = status === 404 || status === 410 ? "index_missing" : "index_unavailable";
  return new CodedError(code, `the index answered with status ${status}`);
}

function tooManyLines(count: number, most: number): CodedError<ListingErrorCode> {
  return new CodedError("index_too_many_lines", `the index has ${count} lines, more than ${most}`);
}
