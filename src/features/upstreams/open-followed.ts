// Opens an archive of a server that is followed, under the keys that are trusted there.

import type { SourceProfile, TrustedKey, VerifiedArchive } from "../../archive/archive-types.ts";
import { openArchive } from "../../archive/open-archive.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import type { FetchedArchive } from "./fetch-archive.ts";
import type { FetchDeps, UpstreamErrorCode } from "./upstream-types.ts";

/** Throws CodedError<ArchiveErrorCode | UpstreamErrorCode>. */
export async function openFollowed(
  { archiveTools, limits }: Pick<FetchDeps, "archiveTools" | "limits">,
  { otherEntries, batchParts, onsetCodes }: SourceProfile,
  trustedKeys: readonly TrustedKey[],
  { bytes, seen: { digest } }: FetchedArchive,
  now: UnixSeconds,
): Promise<VerifiedArchive> {
  requireNoPage(bytes);
  const profile = { otherEntries, batchParts, onsetCodes };
  const options = { trustedKeys, now, profile, limits: limits.archiveLimits, digest };
  return openArchive(bytes, options, archiveTools);
}

/** A page in place of an archive has a code of its own: it says that the web server is wrong, not the export. */
function requireNoPage(bytes: Uint8Array): void {
  const isPage = /^\s*</.test(new TextDecoder("latin1").decode(bytes.subarray(0, 256)));
  if (!isPage) return;
  throw new CodedError<UpstreamErrorCode>("archive_html", "the server answered with a page in place of the archive");
}
