// Looks at one listed archive as a phone does: fetched once, verified under the seals, later only asked whether it is there.

import { type TrustedKey } from "../../archive/archive-types.ts";
import { resolveLine } from "../../archive/listing/resolve-line.ts";
import { openArchive } from "../../archive/open-archive.ts";
import { parsePublicKey } from "../../archive/parse-public-key.ts";
import { archiveDigest } from "../../archive/unpack-archive.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { SeenLine, WatchDeps, WatchErrorCode, WatchedTree } from "./watch-types.ts";

/**
 * The line as it is known now. Throws what keeps this process from looking: CodedError<FetchErrorCode | WatchErrorCode>.
 */
export async function lookAtArchive(
  deps: WatchDeps,
  tree: WatchedTree,
  rootUrl: string,
  known: SeenLine,
  now: UnixSeconds,
): Promise<SeenLine> {
  const { settings, archiveTools } = deps;
  const resolved = resolveLine(`${rootUrl}/`, tree.basePrefix + known.line);
  if ("refused" in resolved) return failed(known, resolved.refused, now);
  const isVerified = known.digest !== null && known.code === null;
  const fetched = await deps.fetcher({
    url: resolved.url,
    maxBytes: settings.archiveLimits.maxBytes,
    timeoutMilliseconds: settings.archiveTimeoutMilliseconds,
    // The operator's own address, which may be a private one inside.
    allowPrivateAddresses: true,
    ...(isVerified ? { etag: known.etag ?? undefined, lastModified: known.lastModified ?? undefined } : {}),
  });
  if (fetched.outcome === "not_modified") return { ...known, lookedAt: now };
  if (fetched.outcome === "status") {
    if (isAbsent(fetched.status)) return failed(known, "watch_archive_missing", now);
    throw unavailable(resolved.url, fetched.status);
  }
  const { bytes, etag, lastModified } = fetched;
  const digest = await archiveDigest(bytes, archiveTools);
  const seen = { line: known.line, digest, etag, lastModified, lookedAt: now, code: null, failedSince: null };
  if (isVerified && digest === known.digest) return seen;
  try {
    await openArchive(bytes, { trustedKeys: keysOf(tree, deps), now, limits: settings.archiveLimits }, archiveTools);
    return seen;
  } catch (error) {
    return failed(known, codeOf(error) ?? "unexpected", now);
  }
}

/** Object stores answer 403 for what is not there when the asker may not list. */
export function isAbsent(status: number): boolean {
  return [401, 403, 404, 410].includes(status);
}

export function unavailable(url: string, status: number): CodedError<WatchErrorCode> {
  return new CodedError("watch_unavailable", `${url} answered with status ${status}`);
}

/** As phones know them: whatever the time, since archives stay under the seal of theirs. */
function keysOf({ seals }: WatchedTree, { archiveTools }: WatchDeps): TrustedKey[] {
  return seals.map(({ keyId, keyVersion, publicKeyPem }) => ({
    keyId,
    keyVersion,
    publicKey: parsePublicKey(publicKeyPem, archiveTools),
    from: 0,
    until: null,
  }));
}

function failed(known: SeenLine, code: string, now: UnixSeconds): SeenLine {
  return { ...known, etag: null, lastModified: null, lookedAt: now, code, failedSince: known.failedSince ?? now };
}
