// Fetching a mirror's source: its index and its archives, bounded and verified.

import type { TrustedKey, VerifiedArchive } from "../../archive/archive-types.ts";
import { readTextIndex } from "../../archive/listing/read-text-index.ts";
import { resolveLine } from "../../archive/listing/resolve-line.ts";
import { openArchive } from "../../archive/open-archive.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { shownUrl } from "../../platform/http/checked-url.ts";
import { DEFAULT_MIRROR_LIMITS, type Mirror, type MirrorDeps, type MirrorErrorCode } from "./mirror-types.ts";
import { readTrustedKeys } from "./queries.ts";

export interface SourceArchive {
  readonly archive: VerifiedArchive;
  /** null where they are not handed over, so that nobody holds them. */
  readonly bytes: Uint8Array | null;
}

/** While a larger archive is handed over, memory has no room for the next one. */
const KEYS_BESIDE_OTHERS = 200_000;

/** The source's lines, each once, without leading slashes, which mean nothing. Throws `mirror_source_unavailable`, `index_html` and the fetcher's codes. */
export async function fetchIndex(deps: MirrorDeps, mirror: Mirror): Promise<string[]> {
  const { indexMaxBytes, indexTimeoutMilliseconds } = deps.limits ?? DEFAULT_MIRROR_LIMITS;
  const fetched = await deps.fetcher({
    url: mirror.indexUrl,
    maxBytes: indexMaxBytes,
    timeoutMilliseconds: indexTimeoutMilliseconds,
    allowPrivateAddresses: mirror.allowPrivateAddresses,
  });
  if (fetched.outcome !== "ok") throw unavailable(mirror.indexUrl, fetched);
  return [...new Set(readTextIndex(fetched).map((line) => line.replace(/^\/+/, "")))];
}

/** One archive, verified; throws the codes of fetcher and archive. */
async function fetchSourceArchive(
  deps: MirrorDeps,
  mirror: Mirror,
  line: string,
  now: UnixSeconds,
): Promise<SourceArchive> {
  const resolved = resolveLine(mirror.baseUrl, line);
  if ("refused" in resolved) {
    throw new CodedError<MirrorErrorCode>("mirror_line_unusable", `the line "${resolved.line}": ${resolved.refused}`);
  }
  const { archiveLimits, archiveTimeoutMilliseconds } = deps.limits ?? DEFAULT_MIRROR_LIMITS;
  const fetched = await deps.fetcher({
    url: resolved.url,
    maxBytes: archiveLimits.maxBytes,
    timeoutMilliseconds: archiveTimeoutMilliseconds,
    allowPrivateAddresses: mirror.allowPrivateAddresses,
  });
  if (fetched.outcome !== "ok") throw unavailable(resolved.url, fetched);
  const trustedKeys = await trustedKeysOf(deps, mirror);
  return {
    bytes: mirror.method === "copy" ? fetched.bytes : null,
    archive: await openArchive(fetched.bytes, { trustedKeys, now, limits: archiveLimits }, deps.archiveTools),
  };
}

/**
 * `lines` one after the other, in their order; while a small one is handed over, the next is fetched. What goes wrong with
 * one is thrown when its turn comes.
 */
export function fetchingAhead(
  deps: MirrorDeps,
  mirror: Mirror,
  lines: readonly string[],
  now: UnixSeconds,
): { next(): Promise<SourceArchive> } {
  let next = 0;
  const begin = () => {
    const line = lines[next++];
    const fetching = line === undefined ? null : fetchSourceArchive(deps, mirror, line, now);
    // Its turn may never come.
    fetching?.catch(() => undefined);
    return fetching;
  };
  let ahead = begin();
  return {
    async next() {
      const source = await (ahead ?? begin());
      if (source === null) throw new RangeError("all lines were fetched");
      const { primaries, revised } = source.archive;
      ahead = primaries.length + revised.length > KEYS_BESIDE_OTHERS ? null : begin();
      return source;
    },
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
