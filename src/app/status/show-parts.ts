// The parts of a server in the words of the status.

import { isoTime, isoTimeOrNull, type UnixSeconds } from "../../core/clock.ts";
import { lifeOf } from "../../core/life.ts";
import { lifeOfExport } from "../../features/export/settle-end.ts";
import type { ExportStatus } from "../../features/export/status.ts";
import type { SourceOverview } from "../../features/import/status.ts";
import type { LocationStatus } from "../../features/locations/status.ts";
import { lagSeconds, waitingLines } from "../../features/mirror/judge-progress.ts";
import type { MirrorOverview } from "../../features/mirror/mirror-types.ts";
import type { Look } from "../../features/watch/watch-types.ts";
import { hideQuery } from "../../platform/http/hidden-query.ts";
import type { DeadLetter, JobStatus, RunsStatus, SubjectStatus } from "../../platform/jobs/job-runner.ts";
import type { Freshness } from "./freshness.ts";
import { countTrusted, type JobJudgement, openLetters } from "./judge-parts.ts";
import { showLook } from "./show-alarms.ts";
import type {
  ExportStatusBody,
  JobStatusBody,
  LocationStatusBody,
  MirrorStatusBody,
  SourceStatusBody,
  SubjectStatusBody,
} from "./status-schemas.ts";

export function showLocation(
  status: LocationStatus,
  look: Look | null,
  fresh: Freshness,
  now: UnixSeconds,
): LocationStatusBody {
  const { overview, fence, nextIndexDueAt, suppliers } = status;
  const { name, listedArchives, lastArchive, lastEndAt, indexCheckedAt, headExpiresAt, lastFailure } = overview;
  const newestEnd = lastArchive && lastEndAt;
  return {
    name,
    ...judgedAs(fresh),
    listedArchives,
    newestWindowEnd: isoTimeOrNull(newestEnd),
    newestWindowAgeSeconds: ageOf(newestEnd, now),
    indexCheckedAt: isoTimeOrNull(indexCheckedAt),
    indexAgeSeconds: ageOf(indexCheckedAt, now),
    nextIndexDueAt: isoTimeOrNull(nextIndexDueAt),
    nextExpiryAt: isoTimeOrNull(headExpiresAt),
    fence,
    atPhones: showLook(look),
    lastFailure: showFailure(lastFailure),
    suppliers: suppliers.map(({ supplier, archives, primaries, revised, lastAppendedAt }) => ({
      supplier,
      archives,
      primaries,
      revised,
      lastAppendedAt: isoTime(lastAppendedAt),
    })),
  };
}

export function showExport(status: ExportStatus, fresh: Freshness, now: UnixSeconds): ExportStatusBody {
  const { config, openBackfills, failure } = status;
  const { name, location, region, exportedUntil, openWindow } = config;
  return {
    name,
    ...judgedAs(fresh),
    location,
    region,
    exportedUntil: isoTimeOrNull(exportedUntil),
    lagSeconds: status.lagSeconds,
    openWindow:
      openWindow && exportedUntil !== null ? { start: isoTime(exportedUntil), end: isoTime(openWindow.end) } : null,
    thru: isoTimeOrNull(config.thru),
    life: lifeOfExport(config, now),
    endedAt: isoTimeOrNull(config.endedAt),
    openBackfills,
    lastFailure: showFailure(failure),
  };
}

export function showSource(overview: SourceOverview, fresh: Freshness, now: UnixSeconds): SourceStatusBody {
  const { source, check, archives, oldestWaiting, lastCompleted, keyCount, refusedCount } = overview;
  const { savedCount, repeatedCount, droppedCount } = overview;
  return {
    name: source.name,
    ...judgedAs(fresh),
    region: source.region,
    indexUrl: hideQuery(source.indexUrl),
    until: isoTimeOrNull(source.until),
    life: lifeOf(source, now),
    checkedAt: isoTimeOrNull(check.checkedAt),
    checkOutcome: check.outcome,
    checkCode: check.code,
    reachedAt: isoTimeOrNull(check.reachedAt),
    suspiciousCount: check.suspiciousCount,
    waiting: archives.open + archives.leased + archives.retry,
    complete: archives.complete,
    quarantined: archives.quarantined,
    oldestWaitingAt: isoTimeOrNull(oldestWaiting && oldestWaiting.discoveredAt),
    lagSeconds: ageOf(oldestWaiting && oldestWaiting.discoveredAt, now) ?? 0,
    lastCompletedAt: isoTimeOrNull(lastCompleted && lastCompleted.completedAt),
    newestWindowEnd: isoTimeOrNull(lastCompleted && lastCompleted.windowEnd),
    keyCount,
    savedCount,
    repeatedCount,
    droppedCount,
    refusedCount,
    trustedKeys: countTrusted(overview.trustedKeys, now),
  };
}

export function showMirror(overview: MirrorOverview, fresh: Freshness, now: UnixSeconds): MirrorStatusBody {
  const { mirror } = overview;
  const { name, location, method, lastError } = mirror;
  return {
    name,
    ...judgedAs(fresh),
    location,
    method,
    indexUrl: hideQuery(mirror.indexUrl),
    until: isoTimeOrNull(mirror.until),
    life: lifeOf(mirror, now),
    lastRunAt: isoTimeOrNull(overview.lastRunAt),
    lastOkAt: isoTimeOrNull(mirror.lastOkAt),
    lastError,
    listedWindowEnd: isoTimeOrNull(overview.listedEnd),
    newestWindowEnd: isoTimeOrNull(overview.newestTakenEnd),
    waitingLines: waitingLines(overview),
    lagSeconds: lagSeconds(overview),
    historyDoneAt: isoTimeOrNull(mirror.historyDoneAt),
    takenLines: mirror.nextPosition - 1,
    skippedLines: overview.skippedLines,
    lostArchives: overview.lostArchives,
  };
}

export function showJob(job: JobStatus, letters: readonly DeadLetter[], judged: JobJudgement): JobStatusBody {
  const { name, duty, everySeconds } = job;
  const subjects = job.subjects?.map((one, at) =>
    showSubject(name, one, letters, judged.subjects?.[at] ?? judged.whole),
  );
  const deadLetters =
    subjects?.reduce((sum, one) => sum + one.deadLetters, 0) ?? openLetters(name, job, letters).length;
  return {
    name,
    ...judgedAs(judged.whole),
    duty,
    everySeconds,
    ...showRuns(job),
    deadLetters,
    subjects: subjects ?? null,
  };
}

function showSubject(
  job: string,
  status: SubjectStatus,
  letters: readonly DeadLetter[],
  fresh: Freshness,
): SubjectStatusBody {
  const deadLetters = openLetters(job, status, letters).length;
  return { subject: status.subject, ...judgedAs(fresh), ...showRuns(status), deadLetters };
}

function showRuns({
  isRunning,
  lastStartedAt,
  lastSucceededAt,
  lastOutcome,
  lastCode,
  nextDueAt,
  waitsFor,
}: RunsStatus) {
  return {
    running: isRunning,
    lastStartedAt: isoTimeOrNull(lastStartedAt),
    lastSucceededAt: isoTimeOrNull(lastSucceededAt),
    lastOutcome,
    lastCode,
    nextDueAt: isoTimeOrNull(nextDueAt),
    waitsFor,
  };
}

function judgedAs({ state, reasons }: Freshness) {
  return { freshness: state, reasons: [...reasons] };
}

/** Never negative: clocks of machines differ. */
function ageOf(at: UnixSeconds | null, now: UnixSeconds): number | null {
  return at === null ? null : Math.max(0, now - at);
}

function showFailure(failure: { readonly at: UnixSeconds; readonly code: string; readonly message: string } | null) {
  return failure && { at: isoTime(failure.at), code: failure.code, message: failure.message };
}
