// Taking archives that stand in a published index into our records, names and bytes untouched.

import { parseArchiveName } from "../../archive/archive-name.ts";
import { OPEN_PROFILE, type TrustedKey, type VerifiedArchive } from "../../archive/archive-types.ts";
import { writeIndexText } from "../../archive/index-text.ts";
import { openArchive } from "../../archive/open-archive.ts";
import { DAY, type UnixSeconds } from "../../core/clock.ts";
import { CodedError, codeOf } from "../../core/coded-error.ts";
import type { Db } from "../../platform/database/database.ts";
import { sortedRecords } from "./commit-object.ts";
import { sealsAsTrustedKeys } from "./current-seal.ts";
import type { LocationDeps } from "./location-deps.ts";
import type { Location, LocationErrorCode } from "./location-types.ts";
import { advanceLocation, insertArchive, readHolder, readSeals } from "./queries.ts";

/**
 * Reads, verifies and records the archives of `lines`, in that order, behind those that are known. Each must verify
 * under one of the location's seals. All or nothing: `location_adoption_failed` names the archive and its damage.
 * False when another writer committed since `location` was read; then nothing was recorded.
 */
export async function adoptArchives(
  deps: LocationDeps,
  location: Location,
  lines: readonly string[],
  now: UnixSeconds,
): Promise<boolean> {
  requireWritable(location, lines);
  const trustedKeys = sealsAsTrustedKeys(await readSeals(deps.database.db, location.id), deps.archiveTools);
  const adopted = await deps.database.transaction(async (tx) => {
    const nextSeq = location.nextSeq + lines.length;
    let { lastEndAt } = location;
    // First, so that of two who adopt the same archives one waits here.
    if (!(await advanceLocation(tx, location.id, location.revision, { nextSeq, lastEndAt }))) return false;
    await requireUnshared(tx, location, lines);
    for (const [at, line] of lines.entries()) {
      const bytes = await readObject(deps, location, line);
      const archive = await openAdopted(deps, location, line, bytes, trustedKeys);
      lastEndAt = Math.max(lastEndAt, Math.min(archive.header.end, now), endInName(location, line, now));
      await insertArchive(tx, location.id, {
        seq: location.nextSeq + at,
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
        records: (await sortedRecords(archive)).bytes,
      });
    }
    return advanceLocation(tx, location.id, location.revision + 1, { nextSeq, lastEndAt });
  });
  if (adopted) deps.report({ event: "location.archives-adopted", location: location.name, archives: lines.length });
  return adopted;
}

/** What could not be written again would stop every later index. */
function requireWritable(location: Location, lines: readonly string[]): void {
  try {
    writeIndexText(lines);
  } catch (cause) {
    throw new CodedError<LocationErrorCode>(
      "location_adoption_failed",
      `the index of "${location.name}" was not adopted: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause, remedy: "Change the line in the published index, which no follower reads as it is." },
    );
  }
}

/** Whoever lists an archive deletes it in the end, under the feet of the other. */
async function requireUnshared(tx: Db, location: Location, lines: readonly string[]): Promise<void> {
  const objects = new Map(lines.map((line) => [location.basePrefix + line, line]));
  const shared = await readHolder(tx, location.id, [...objects.keys()]);
  if (shared === null) return;
  const why = `the location "${shared.location}" has it already`;
  throw adoptionFailed(location, objects.get(shared.object) ?? shared.object, why);
}

async function readObject(deps: LocationDeps, location: Location, line: string): Promise<Uint8Array> {
  try {
    const blob = await deps.blobs.get(location.basePrefix + line);
    if (blob) return blob.bytes;
  } catch (cause) {
    if (codeOf(cause) !== "blob_name_invalid") throw cause;
    throw adoptionFailed(location, line, "no object can have this name", cause);
  }
  throw listedButMissing(location, line);
}

/** Most often nothing is wrong with the tree: the location looks for it in the wrong place. */
function listedButMissing(location: Location, line: string): CodedError {
  const { name, basePrefix } = location;
  return new CodedError<LocationErrorCode>(
    "location_adoption_failed",
    `the archive "${line}" of "${name}" was not adopted: there is no object "${basePrefix}${line}"`,
    {
      remedy:
        "Change nothing in the tree. Where its archives lie below another prefix, give the location that one: " +
        `\`enks location change ${name} --adopt-from FOLDER\` finds it. Copy the archive there if it was left out.`,
    },
  );
}

async function openAdopted(
  deps: LocationDeps,
  location: Location,
  line: string,
  bytes: Uint8Array,
  trustedKeys: readonly TrustedKey[],
): Promise<VerifiedArchive> {
  try {
    // Phones have it already, as it is; a mirror that copies may have put it there.
    return await openArchive(bytes, { trustedKeys, now: 0, profile: OPEN_PROFILE }, deps.archiveTools);
  } catch (cause) {
    throw adoptionFailed(location, line, codeOf(cause) ?? "it cannot be read", cause);
  }
}

/** Name-time phones take a name's second number for an instant: ours have to lie behind it (DB I10). */
function endInName(location: Location, line: string, now: UnixSeconds): UnixSeconds {
  const end = parseArchiveName(line)?.end ?? 0;
  // A day for clocks that differ; more would put every later name into the future.
  if (end <= now + DAY) return end;
  throw adoptionFailed(location, line, "no later archive could have a name that phones take for a later time");
}

function adoptionFailed(location: Location, line: string, why: string, cause?: unknown): CodedError {
  return new CodedError<LocationErrorCode>(
    "location_adoption_failed",
    `the archive "${line}" of "${location.name}" was not adopted: ${why}`,
    {
      cause,
      remedy: "Give the location the seal under which it was signed, or put the archive there as it was published.",
    },
  );
}
