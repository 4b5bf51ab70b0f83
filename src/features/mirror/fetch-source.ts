// Fetching a mirror's source: its index and its archives, bounded and verified.

import { DEFAULT_LIMITS, type TrustedKey, type VerifiedArchive } from "../../archive/archive-types.ts";
import { readTextIndex } from "../../archive/listing/read-text-index.ts";
import { resolveLine } from "../../archive/listing/resolve-line.ts";
import { openArchive } from "../../archive/open-archive.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { shownUrl } from "../../platform/http/checked-url.ts";
import type { Mirror, MirrorDeps, MirrorErrorCode } from "./mirror-types.ts";
import { readTrustedKeys } from "./queries.ts";

/** KS 11.5: MAX_INDEX_BYTES, INDEX_FILE_DOWNLOAD_TIMEOUT, EXPORT_FILE_DOWNLOAD_TIMEOUT. */
const MAX_INDEX_BYTES = 1_048_576;
const INDEX_TIMEOUT_MILLISECONDS = 30_000;
const ARCHIVE_TIMEOUT_MILLISECONDS = 60_000;

export interface SourceArchive {
  readonly archive: VerifiedArchive;
  readonly bytes: Uint8Array;
}

/** The source's lines, each once, without leading slashes, which mean nothing. Throws `mirror_source_unavailable`, `index_html` and the fetcher's codes. */
export async function fetchIndex(deps: MirrorDeps, mirror: Mirror): Promise<string[]> {
  const fetched = await deps.fetcher({
    url: mirror.indexUrl,
    maxBytes: MAX_INDEX_BYTES,
    timeoutMilliseconds: INDEX_TIMEOUT_MILLISECONDS,
    allowPrivateAddresses: mirror.allowPrivateAddresses,
  });
  if (fetched.outcome !== "ok") throw unavailable(mirror.indexUrl, fetched);
  return [...new Set(readTextIndex(fetched).map((line) => line.replace(/^\/+/, "")))];
}

/** One archive, verified; throws the codes of fetcher and archive. */
export async function fetchSourceArchive(
  deps: MirrorDeps,
  mirror: Mirror,
  line: string,
  now: UnixSeconds,
): Promise<SourceArchive> {
  const resolved = resolveLine(mirror.baseUrl, line);
  if ("refused" in resolved) {
    throw new CodedError<MirrorErrorCode>("mirror_line_unusable", `the line "${resolved.line}": ${resolved.refused}`);
  }
  const fetched = await deps.fetcher({
    url: resolved.url,
    maxBytes: DEFAULT_LIMITS.maxBytes,
    timeoutMilliseconds: ARCHIVE_TIMEOUT_MILLISECONDS,
    allowPrivateAddresses: mirror.allowPrivateAddresses,
  });
  if (fetched.outcome !== "ok") throw unavailable(resolved.url, fetched);
  const trustedKeys = await trustedKeysOf(deps, mirror);
  return {
    bytes: fetched.bytes,
    archive: await openArchive(fetched.bytes, { trustedKeys, now }, deps.archiveTools),
  };
}

async function trustedKeysOf(deps: MirrorDeps, mirror: Mirror): Promise<TrustedKey[]> {
  const stored = await readTrustedKeys(deps.database.db, mirror.id);
  return stored.map(({ publicKeyPem, ...trust }) => ({
    ...trust,
    publicKey: parsePublicKey(publicKeyPem, deps.archiveTools),
  }));
}

/** Without the query, which may hold an access token. */
function unavailable(address: string, fetched: { outcome: string; status?: number }): CodedError {
  return new CodedError<MirrorErrorCode>(
    "mirror_source_unavailable",
    `${shownUrl(address)} answered with ${fetched.status ?? fetched.outcome}`,
    { remedy: "Nothing was handed over beyond it; the next run tries again." },
  );
}
