// Fetches one archive of a server that is followed, bounded in time and size.

import { resolveLine } from "../../archive/listing/resolve-line.ts";
import { archiveDigest } from "../../archive/unpack-archive.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { FetchResult } from "../../platform/http/fetcher.ts";
import type { Validators } from "./fetch-listing.ts";
import type { FetchDeps, SeenContent, Upstream, UpstreamErrorCode } from "./upstream-types.ts";

export interface FetchedArchive {
  readonly bytes: Uint8Array;
  readonly seen: SeenContent;
}

/** Throws CodedError<FetchErrorCode | UpstreamErrorCode>. */
export async function fetchArchive(deps: FetchDeps, upstream: Upstream, line: string): Promise<FetchedArchive> {
  return bodyOf(deps, await request(deps, upstream, line, null));
}

/** null when the server says that nothing has changed since `last`. Throws as `fetchArchive`. */
export async function fetchIfChanged(
  deps: FetchDeps,
  upstream: Upstream,
  line: string,
  last: Validators,
): Promise<FetchedArchive | null> {
  const fetched = await request(deps, upstream, line, last);
  return fetched.outcome === "not_modified" ? null : bodyOf(deps, fetched);
}

function request(
  { fetcher, limits }: FetchDeps,
  upstream: Upstream,
  line: string,
  last: Validators | null,
): Promise<FetchResult> {
  const resolved = resolveLine(upstream.baseUrl, line);
  if ("refused" in resolved) throw unusable(resolved.line, resolved.refused);
  return fetcher({
    url: resolved.url,
    maxBytes: limits.archiveLimits.maxBytes,
    timeoutMilliseconds: limits.archiveTimeoutMilliseconds,
    allowPrivateAddresses: upstream.allowPrivateAddresses,
    etag: last?.etag ?? undefined,
    lastModified: last?.lastModified ?? undefined,
  });
}

async function bodyOf({ archiveTools }: FetchDeps, fetched: FetchResult): Promise<FetchedArchive> {
  const { bytes, etag, lastModified } = requireBody(fetched);
  return {
    bytes,
    seen: { digest: await archiveDigest(bytes, archiveTools), byteCount: bytes.length, etag, lastModified },
  };
}

/** Throws `archive_missing`, `archive_forbidden`, `archive_unavailable` or `archive_unobtainable` unless a body came. */
export function requireBody(fetched: FetchResult): Extract<FetchResult, { outcome: "ok" }> {
  if (fetched.outcome === "ok") return fetched;
  const status = fetched.outcome === "status" ? fetched.status : 304;
  throw new CodedError(codeOfStatus(status), `the server answered with status ${status}`);
}

/** Object stores answer 403 for what is not there when the asker may not list. */
function codeOfStatus(status: number): UpstreamErrorCode {
  if (status === 404 || status === 410) return "archive_missing";
  if (status === 401 || status === 403) return "archive_forbidden";
  return status === 429 || status >= 500 ? "archive_unavailable" : "archive_unobtainable";
}

function unusable(line: string, refusal: string): CodedError<UpstreamErrorCode> {
  return new CodedError("archive_unobtainable", `the line ${JSON.stringify(line)} cannot be used: ${refusal}`);
}
