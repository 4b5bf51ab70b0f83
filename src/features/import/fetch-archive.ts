// Fetches one archive of a source, bounded in time and size.

import { resolveLine } from "../../archive/listing/resolve-line.ts";
import { archiveDigest } from "../../archive/unpack-archive.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { FetchResult } from "../../platform/http/fetcher.ts";
import { requireBody } from "./classify-failure.ts";
import type { ImportDeps, ImportErrorCode, ImportSource, ListedArchive, SeenContent } from "./import-types.ts";

export interface FetchedArchive {
  readonly bytes: Uint8Array;
  readonly seen: SeenContent;
}

type Deps = Pick<ImportDeps, "fetcher" | "archiveTools" | "settings">;

/** Throws CodedError<FetchErrorCode | ImportErrorCode>. */
export async function fetchArchive(deps: Deps, source: ImportSource, archive: ListedArchive): Promise<FetchedArchive> {
  return bodyOf(deps, await request(deps, source, archive, {}));
}

/** null when the source says that nothing has changed since the archive was seen last. */
export async function fetchIfChanged(
  deps: Deps,
  source: ImportSource,
  archive: ListedArchive,
): Promise<FetchedArchive | null> {
  const { etag, lastModified } = archive;
  const validators = { etag: etag ?? undefined, lastModified: lastModified ?? undefined };
  const fetched = await request(deps, source, archive, validators);
  return fetched.outcome === "not_modified" ? null : bodyOf(deps, fetched);
}

function request(
  { fetcher, settings }: Deps,
  source: ImportSource,
  archive: ListedArchive,
  validators: { etag?: string | undefined; lastModified?: string | undefined },
): Promise<FetchResult> {
  const resolved = resolveLine(source.baseUrl, archive.line);
  // Only usable lines are recorded; the rules may have been tightened since.
  if ("refused" in resolved) throw unusable(resolved.refused);
  return fetcher({
    url: resolved.url,
    maxBytes: settings.archiveLimits.maxBytes,
    timeoutMilliseconds: settings.archiveTimeoutMilliseconds,
    allowPrivateAddresses: source.allowPrivateAddresses,
    ...validators,
  });
}

function bodyOf({ archiveTools }: Deps, fetched: FetchResult): FetchedArchive {
  const { bytes, etag, lastModified } = requireBody(fetched);
  return { bytes, seen: { digest: archiveDigest(bytes, archiveTools), byteCount: bytes.length, etag, lastModified } };
}

function unusable(refusal: string): CodedError<ImportErrorCode> {
  return new CodedError("archive_unobtainable", `the line cannot be used: ${refusal}`);
}
