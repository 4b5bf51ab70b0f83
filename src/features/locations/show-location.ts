// Locations and archives in the words of the admin API.

import { isoTime, isoTimeOrNull } from "../../core/clock.ts";
import type { LocationArchiveBody, LocationBody } from "./admin-schemas.ts";
import { fenceOf, nextIndexDueAt } from "./judge-overview.ts";
import type { Seal } from "./location-types.ts";
import type { ArchiveOverview, LocationFailure, LocationOverview } from "./overview-types.ts";

export function toLocationBody(overview: LocationOverview, seals: readonly Seal[]): LocationBody {
  const { name, indexObject, basePrefix, linePrefix, retentionSeconds, graceSeconds } = overview;
  const { ours, listedArchives, lastArchive, lastEndAt, indexCheckedAt, lastFailure } = overview;
  return {
    name,
    indexObject,
    basePrefix,
    linePrefix,
    retentionSeconds,
    graceSeconds,
    seals: seals.map(toSealBody),
    ours,
    listedArchives,
    lastArchive: lastArchive && toArchiveBody(lastArchive),
    newestWindowEnd: lastArchive && isoTime(lastEndAt),
    indexCheckedAt: isoTimeOrNull(indexCheckedAt),
    nextIndexDueAt: isoTimeOrNull(nextIndexDueAt(overview)),
    fence: fenceOf(overview),
    lastFailure: lastFailure && toFailureBody(lastFailure),
  };
}

export function toArchiveBody(archive: ArchiveOverview): LocationArchiveBody {
  const { line, start, end, region, primaries, revised, byteCount, digest, supplier } = archive;
  return {
    line,
    start: isoTime(start),
    end: isoTime(end),
    region,
    primaries,
    revised,
    byteCount,
    digest,
    supplier,
    appendedAt: isoTime(archive.appendedAt),
    expiresAt: isoTime(archive.expiresAt),
    expiredAt: isoTimeOrNull(archive.expiredAt),
    unlistedAt: isoTimeOrNull(archive.unlistedAt),
    deletedAt: isoTimeOrNull(archive.deletedAt),
  };
}

function toSealBody({ signingKey, keyId, keyVersion, publicKeyPem, from, until }: Seal): LocationBody["seals"][number] {
  return { signingKey, keyId, keyVersion, publicKeyPem, from: isoTime(from), until: isoTimeOrNull(until) };
}

function toFailureBody({ at, code, message }: LocationFailure): LocationBody["lastFailure"] {
  return { at: isoTime(at), code, message };
}
