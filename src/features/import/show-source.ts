// Sources and their archives in the words of the admin API.

import { isoTime, isoTimeOrNull, type UnixSeconds } from "../../core/clock.ts";
import type { Database, Db } from "../../platform/database/database.ts";
import { hideQuery } from "../../platform/http/hidden-query.ts";
import { toLifeBody } from "../upstreams/life-schemas.ts";
import { toTrustedKeyBody } from "../upstreams/trusted-key-schemas.ts";
import type { ListingCheck } from "../upstreams/upstream-types.ts";
import type { FileBody, SourceBody } from "./admin-schemas.ts";
import { sumOutcomes } from "./import-counts.ts";
import type { UnfinishedArchive } from "./import-types.ts";
import { readSource } from "./sources/queries.ts";
import type { ArchiveState } from "./state-machine.ts";
import { readSourceOverviews, type SourceOverview } from "./status.ts";
import { type KeySum, type ListedFile, sumKeys } from "./status-queries.ts";

/** `sums`: at least those of the source. */
export function toSourceBody(overview: SourceOverview, sums: readonly KeySum[], now: UnixSeconds): SourceBody {
  const { source, check, archives, lastCompleted, trustedKeys } = overview;
  const { keyCount, savedCount, repeatedCount, droppedCount, refusedCount } = overview;
  const { name, region, headerRegions, otherEntries, traveler, allowPrivateAddresses } = source;
  const { batchParts, onsetCodes } = source;
  const ofKind = (kind: KeySum["kind"]) =>
    Object.fromEntries(
      sums
        .filter((sum) => sum.sourceId === source.id && sum.kind === kind)
        .map(({ name: code, total }) => [code, total]),
    );
  return {
    name,
    supplier: source.supplier.name,
    indexUrl: hideQuery(source.indexUrl),
    baseUrl: hideQuery(source.baseUrl),
    region,
    headerRegions: [...headerRegions],
    otherEntries: [...otherEntries],
    batchParts,
    onsetCodes,
    traveler,
    allowPrivateAddresses,
    from: isoTime(source.from),
    until: isoTimeOrNull(source.until),
    ...toLifeBody(source, now),
    trustedKeys: trustedKeys.map(toTrustedKeyBody),
    check: toCheckBody(check),
    files: {
      waiting: archives.open + archives.leased + archives.retry,
      complete: archives.complete,
      quarantined: archives.quarantined,
      skipped: archives.skipped,
    },
    oldestWaiting: toWaitingBody(overview.oldestWaiting),
    lastCompleted: lastCompleted && {
      line: lastCompleted.line,
      completedAt: isoTime(lastCompleted.completedAt),
      windowEnd: isoTimeOrNull(lastCompleted.windowEnd),
    },
    keys: {
      keyCount,
      savedCount,
      repeatedCount,
      droppedCount,
      refusedCount,
      outcomes: ofKind("outcomes"),
      refusals: ofKind("refusals"),
    },
  };
}

/** null when there is no source of this name. */
export async function lookAtSource(db: Db, name: string, now: UnixSeconds): Promise<SourceBody | null> {
  const source = await readSource(db, name);
  if (source === null) return null;
  const [overview] = await readSourceOverviews(db, source.id, now);
  return overview === undefined ? null : toSourceBody(overview, await sumKeys(db, source.id), now);
}

export async function lookForAudit({ db }: Database, name: string, now: UnixSeconds): Promise<unknown> {
  const body = await lookAtSource(db, name, now);
  return body && toAuditedSource(body);
}

/** What operators change: without what the source itself can make as long as it likes. */
export function toAuditedSource(body: SourceBody) {
  const { name, supplier, indexUrl, baseUrl, region, headerRegions, otherEntries, batchParts, onsetCodes } = body;
  const { traveler, allowPrivateAddresses, from, until, endedAt, givenUp, trustedKeys, files } = body;
  const access = { indexUrl, baseUrl, allowPrivateAddresses, trustedKeys };
  const profile = { headerRegions, otherEntries, batchParts, onsetCodes };
  return { name, supplier, ...access, region, ...profile, traveler, from, until, endedAt, givenUp, files };
}

export function toFileBody(file: ListedFile): FileBody {
  const { line, state, reason, attempts, digest, byteCount } = file;
  const { keyCount, refusedCount, outcomes, refusals } = file;
  const sums = outcomes === null ? NO_SUMS : sumOutcomes(outcomes);
  return {
    line,
    state,
    reason,
    attempts,
    listed: file.isListed,
    discoveredAt: isoTime(file.discoveredAt),
    nextAttemptAt: isoTimeOrNull(file.nextAttemptAt),
    quarantinedAt: isoTimeOrNull(file.quarantinedAt),
    lastCheckedAt: isoTimeOrNull(file.lastCheckedAt),
    completedAt: isoTimeOrNull(file.completedAt),
    digest,
    byteCount,
    keyCount,
    ...sums,
    refusedCount,
    outcomes,
    refusals,
  };
}

const NO_SUMS = { savedCount: null, repeatedCount: null, droppedCount: null };

function toCheckBody(check: ListingCheck): SourceBody["check"] {
  const { outcome, code, suspiciousCount, refusedLines, refusedLineCount } = check;
  return {
    checkedAt: isoTimeOrNull(check.checkedAt),
    outcome,
    code,
    reachedAt: isoTimeOrNull(check.reachedAt),
    suspiciousCount,
    suspiciousAt: isoTimeOrNull(check.suspiciousAt),
    refusedLineCount,
    refusedLines: refusedLines.map(({ line, reason }) => ({ line, reason })),
  };
}

function isSettled(state: ArchiveState): state is "complete" | "quarantined" | "skipped" {
  return state === "complete" || state === "quarantined" || state === "skipped";
}

function toWaitingBody(archive: UnfinishedArchive | null): SourceBody["oldestWaiting"] {
  if (archive === null || isSettled(archive.state)) return null;
  const { line, reason, attempts, discoveredAt, nextAttemptAt } = archive;
  return {
    line,
    state: archive.state,
    reason,
    attempts,
    discoveredAt: isoTime(discoveredAt),
    nextAttemptAt: isoTimeOrNull(nextAttemptAt),
  };
}
