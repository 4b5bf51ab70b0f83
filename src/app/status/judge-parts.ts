// How each part of a server is doing, from facts alone.

import type { UnixSeconds } from "../../core/clock.ts";
import { type LifeTimes, lifeOf } from "../../core/life.ts";
import type { ExportStatus } from "../../features/export/status.ts";
import type { SourceOverview } from "../../features/import/status.ts";
import type { LocationStatus } from "../../features/locations/status.ts";
import type { MirrorOverview } from "../../features/mirror/mirror-types.ts";
import { isTaking, needsLook } from "../../features/upstreams/life.ts";
import type { DeadLetter, JobStatus, RunsStatus } from "../../platform/jobs/job-runner.ts";
import {
  broken,
  type Finding,
  type Freshness,
  freshnessOf,
  isLate,
  isPassing,
  late,
  type StatusSuspicion,
} from "./freshness.ts";

/** What every judgement needs to know besides its part. */
export interface Circumstances {
  readonly now: UnixSeconds;
  /** Of this process. */
  readonly startedAt: UnixSeconds;
  /** Whether deletions wait for nothing but an ordinary gap to be over, which is no fault. */
  readonly isClockUnproven: boolean;
  /** How often a job runs; null where nobody knows. */
  readonly periodSecondsOf: (jobName: string) => number | null;
}

export function judgeLocation({ overview, fence }: LocationStatus, circumstances: Circumstances): Freshness {
  const { lastFailure, indexCheckedAt, lastArchive, deletionDueAt } = overview;
  // A step of a migration, not a fault: another program is still the writer.
  if (fence === "not_adopted") return freshnessOf([late("location_not_adopted")]);
  const since = indexCheckedAt ?? lastArchive?.appendedAt ?? lastFailure?.at ?? null;
  return freshnessOf([
    ...(lastFailure === null ? [] : judgeFailure(lastFailure.code)),
    ...lateSince(since, "publish-index", "location_late", circumstances),
    ...lateSince(deletionDueAt, "delete-archives", "location_deletions_late", circumstances),
  ]);
}

export function judgeExport({ config, failure, lagSeconds }: ExportStatus, circumstances: Circumstances): Freshness {
  if (config.endedAt !== null) return freshnessOf([]);
  return freshnessOf([
    ...(failure === null ? [] : judgeFailure(failure.code)),
    ...lateSince(circumstances.now - lagSeconds, "export", "export_late", circumstances),
  ]);
}

export function judgeSource(overview: SourceOverview, circumstances: Circumstances): Freshness {
  const { source, archives, oldestWaiting, lastDay } = overview;
  // What was left when an operator gave it up waits for nothing.
  if (source.endedAt !== null) return freshnessOf([]);
  const waitingSince = oldestWaiting?.discoveredAt ?? null;
  return freshnessOf([
    ...(archives.quarantined > 0 ? [broken("source_quarantined")] : []),
    ...judgeKeys(lastDay),
    ...(needsLook(source, circumstances.now) ? judgeActiveSource(overview, circumstances) : []),
    ...lateEnd(source, "import-discover", "source_ending", circumstances),
    ...lateSince(waitingSince, "import-archives", "source_late", circumstances),
  ]);
}

/** Fewer say nothing about the rest. */
const FEWEST_JUDGED_KEYS = 100;
const REFUSED_SHARE = 0.08;

function judgeKeys({ keyCount, refusedCount, droppedCount }: SourceOverview["lastDay"]): Finding[] {
  const refusesMany = keyCount >= FEWEST_JUDGED_KEYS && refusedCount >= REFUSED_SHARE * keyCount;
  return [
    ...(refusesMany ? [late("source_refuses_keys")] : []),
    ...(droppedCount > 0 ? [late("source_drops_revisions")] : []),
  ];
}

function judgeActiveSource({ source, check, trustedKeys }: SourceOverview, circumstances: Circumstances): Finding[] {
  const { now, startedAt } = circumstances;
  const firstDueAt = check.checkedAt === null ? Math.max(source.from, startedAt) : source.from;
  return [
    ...lateSince(check.reachedAt ?? firstDueAt, "import-discover", "source_unreached", circumstances),
    ...(check.outcome === "failed" && check.code !== null ? judgeFailure(check.code) : []),
    ...(check.outcome === "suspicious" && check.code !== null ? [late(check.code)] : []),
    ...(countTrusted(trustedKeys, now) === 0 ? [late("source_trusts_nobody")] : []),
  ];
}

export function judgeMirror(
  { mirror, lastRunAt, lostArchives }: MirrorOverview,
  circumstances: Circumstances,
): Freshness {
  if (!isTaking(mirror, circumstances.now)) return freshnessOf([]);
  const firstDueAt = lastRunAt === null ? Math.max(mirror.from, circumstances.startedAt) : mirror.from;
  return freshnessOf([
    ...(mirror.lastError === null ? [] : judgeFailure(mirror.lastError)),
    ...(lostArchives > 0 ? [late("mirror_lost_archives")] : []),
    ...lateSince(mirror.lastOkAt ?? firstDueAt, "mirror", "mirror_late", circumstances),
    ...lateEnd(mirror, "mirror", "mirror_ending", circumstances),
  ]);
}

/** How a job is doing as a whole, and each of its subjects. */
export interface JobJudgement {
  readonly whole: Freshness;
  /** In the order of the job's; null: it has none. */
  readonly subjects: readonly Freshness[] | null;
}

/** `isHere`: this process has the job's duty. One that no process ever ran is nobody's otherwise. */
export function judgeJob(
  job: JobStatus,
  letters: readonly DeadLetter[],
  isHere: boolean,
  circumstances: Circumstances,
): JobJudgement {
  if (job.subjects !== null) {
    const each = job.subjects.map((subject) => {
      // Before it was asked for the first time, nothing was to be expected.
      const { firstAskedAt } = subject;
      return judgeRuns(job.name, subject, openLetters(job.name, subject, letters), firstAskedAt, circumstances);
    });
    return { whole: freshnessOf(each.flat()), subjects: each.map(freshnessOf) };
  }
  const firstDueAt = isHere || job.runs > 0 ? circumstances.startedAt : null;
  const findings = judgeRuns(job.name, job, openLetters(job.name, job, letters), firstDueAt, circumstances);
  return { whole: freshnessOf(findings), subjects: null };
}

function judgeRuns(
  jobName: string,
  { waitsFor, lastSucceededAt }: RunsStatus,
  letters: readonly DeadLetter[],
  firstDueAt: UnixSeconds | null,
  circumstances: Circumstances,
): Finding[] {
  return [
    ...(waitsFor !== null && !circumstances.isClockUnproven ? [late(waitsFor)] : []),
    ...(letters.length > 0 ? [broken("job_dead_letters")] : []),
    ...lateSince(lastSucceededAt ?? firstDueAt, jobName, "job_late", circumstances),
  ];
}

/** Of runs that failed for good since the job, or the subject, last succeeded. */
export function openLetters(
  jobName: string,
  runs: Pick<RunsStatus, "lastSucceededAt"> & { readonly subject?: string },
  letters: readonly DeadLetter[],
): DeadLetter[] {
  return letters.filter(
    ({ job, subject, failedAt }) =>
      job === jobName && subject === (runs.subject ?? null) && failedAt > (runs.lastSucceededAt ?? 0),
  );
}

export function countTrusted(
  trustedKeys: readonly { readonly from: UnixSeconds; readonly until: UnixSeconds | null }[],
  now: UnixSeconds,
): number {
  return trustedKeys.filter((one) => isActive(one, now)).length;
}

/** `since`: the last success; null where none was to be expected yet. */
function lateSince(
  since: UnixSeconds | null,
  jobName: string,
  reason: StatusSuspicion,
  { now, periodSecondsOf }: Circumstances,
): Finding[] {
  return since !== null && isLate(now - since, periodSecondsOf(jobName)) ? [late(reason)] : [];
}

/** An end that does not come: the other server gives no good listing any more, or something that it listed is left. */
function lateEnd(facts: LifeTimes, jobName: string, reason: StatusSuspicion, circumstances: Circumstances): Finding[] {
  const isEnding = lifeOf(facts, circumstances.now) === "ending";
  return isEnding ? lateSince(facts.until, jobName, reason, circumstances) : [];
}

/** What does not pass by itself has stopped the work until somebody comes. */
function judgeFailure(code: string): Finding[] {
  return isPassing(code) ? [] : [broken(code)];
}

function isActive(
  times: { readonly from: UnixSeconds; readonly until: UnixSeconds | null },
  now: UnixSeconds,
): boolean {
  return times.from <= now && (times.until === null || now < times.until);
}
