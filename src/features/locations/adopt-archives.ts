// Taking archives that stand in a published index into our records, names and bytes untouched.

import { parseArchiveName } from "../../archive/archive-name.ts";
import type { VerifiedArchive } from "../../archive/archive-types.ts";
import { openArchive } from "../../archive/open-archive.ts";
import type { UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import { sortedRecords } from "./commit-object.ts";
import { sealsAsTrustedKeys } from "./current-seal.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { Location, LocationErrorCode } from "./location-types.ts";
import { advanceLocation, insertArchive, readSeals } from "./queries.ts";

/**
 * Reads, verifies and records the archives of `lines`, in that order, behind those that are known. Each must verify
 * under one of the location's seals. All or nothing: `location_adoption_failed` names the archive and its damage.
 */
export async function adoptArchives(
  deps: LocationDeps,
  location: Location,
  lines: readonly string[],
  now: UnixSeconds,
): Promise<void> {
  const trustedKeys = sealsAsTrustedKeys(await readSeals(deps.database.db, location.id), deps.archiveTools);
  await deps.database.transaction(async (tx) => {
    let { nextSeq, lastEndAt } = location;
    for (const line of lines) {
      const bytes = await readObject(deps, location, line);
      const archive = await openAdopted(deps, location, line, bytes, trustedKeys);
      const named = parseArchiveName(line);
      lastEndAt = Math.max(lastEndAt, archive.header.end, named?.end ?? 0);
      await insertArchive(tx, location.id, {
        seq: nextSeq++,
        line,
        start: archive.header.start,
        end: archive.header.end,
        region: archive.header.region,
        primaryCount: archive.primaries.length,
        revisedCount: archive.revised.length,
        digest: archive.digest,
        byteCount: bytes.length,
        supplier: "adopted",
        appendedAt: now,
        expiresAt: Math.min(now, archive.header.end) + location.retentionSeconds,
        records: sortedRecords(archive.primaries, archive.revised),
      });
      deps.report({ event: "location.archive-adopted", location: location.name, line });
    }
    const change = { nextSeq, lastEndAt };
    if (!(await advanceLocation(tx, location.id, location.revision, change))) throw changedMeanwhile(location);
  });
}

async function readObject(deps: LocationDeps, location: Location, line: string): Promise<Uint8Array> {
  const blob = await deps.blobs.get(location.basePrefix + line);
  if (blob) return blob.bytes;
  throw adoptionFailed(location, line, "it is listed but missing");
}

async function openAdopted(
  deps: LocationDeps,
  location: Location,
  line: string,
  bytes: Uint8Array,
  trustedKeys: Parameters<typeof openArchive>[1]["trustedKeys"],
): Promise<VerifiedArchive> {
  try {
    return await openArchive(bytes, { trustedKeys, now: 0 }, deps.archiveTools);
  } catch (cause) {
    throw adoptionFailed(location, line, codeOf(cause) ?? "it cannot be read", cause);
  }
}

function adoptionFailed(location: Location, line: string, why: string, cause?: unknown): CodedError {
  return new CodedError<LocationErrorCode>(
    "location_adoption_failed",
    `the archive "${line}" of "${location.name}" was not adopted: ${why}`,
    { cause, remedy: "Repair or remove the archive, or give the location the seal under which it was signed." },
  );
}

function changedMeanwhile(location: Location): CodedError {
  return new CodedError<LocationErrorCode>("location_contended", `"${location.name}" changed while it was adopted`);
}
