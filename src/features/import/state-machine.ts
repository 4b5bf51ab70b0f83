// The life of a listed archive: open -> leased -> complete | retry | quarantined, or skipped; and back to open. Pure.

import { HOUR, MINUTE, type UnixSeconds } from "../../core/clock.ts";
import type { Failure, FailureClass } from "../upstreams/classify-failure.ts";

export type ArchiveState = "open" | "leased" | "retry" | "complete" | "quarantined" | "skipped";

export interface ArchiveProgress {
  readonly state: ArchiveState;
  /** Begun since the archive was opened. */
  readonly attempts: number;
  readonly missingCount: number;
  readonly damagedCount: number;
  /** Only in `retry`. */
  readonly nextAttemptAt: UnixSeconds | null;
  /** Only in `leased`; from this instant on somebody else may take over. */
  readonly leaseUntil: UnixSeconds | null;
  /** Raised by every lease and never lowered. */
  readonly leaseToken: number;
  /** The last failure since the archive was opened. */
  readonly reason: string | null;
}

export type ArchiveEvent =
  | { readonly kind: "lease"; readonly now: UnixSeconds; readonly leaseSeconds: number }
  | { readonly kind: "saved"; readonly leaseToken: number }
  | { readonly kind: "failed"; readonly leaseToken: number; readonly failure: Failure; readonly now: UnixSeconds }
  /** Nothing was begun under the lease: all is as it was before. */
  | { readonly kind: "released"; readonly leaseToken: number; readonly before: ArchiveProgress }
  /** An operator, a new trusted key or other content under the same name gives the archive another chance. */
  | { readonly kind: "reopen" }
  /** On an operator's word, who may take it back. */
  | { readonly kind: "skip" }
  | { readonly kind: "unskip" };

/** Failures of one kind after which an archive is quarantined. */
export const QUARANTINED_AFTER: Readonly<Record<FailureClass, number>> = {
  unreachable: Number.POSITIVE_INFINITY,
  missing: 6,
  damaged: 3,
};

export const NEVER_TRIED: ArchiveProgress = {
  state: "open",
  attempts: 0,
  missingCount: 0,
  damagedCount: 0,
  nextAttemptAt: null,
  leaseUntil: null,
  leaseToken: 0,
  reason: null,
};

/** The progress after `event`; null where the event means nothing: not due, a lease that was lost, nothing to reopen. */
export function nextProgress(progress: ArchiveProgress, event: ArchiveEvent): ArchiveProgress | null {
  if (event.kind === "lease") {
    return isDue(progress, event.now) ? lease(progress, event.now + event.leaseSeconds) : null;
  }
  if (event.kind === "skip") return isWaiting(progress) ? settle(progress, "skipped", progress.reason) : null;
  if (event.kind === "unskip") return progress.state === "skipped" ? openedAgain(progress) : null;
  if (event.kind === "reopen") {
    return isWorkedOn(progress) || progress.state === "skipped" ? null : openedAgain(progress);
  }
  if (progress.state !== "leased" || progress.leaseToken !== event.leaseToken) return null;
  if (event.kind === "released") return { ...event.before, leaseToken: progress.leaseToken };
  return event.kind === "saved" ? settle(progress, "complete", null) : fail(progress, event.failure, event.now);
}

/** Whether the archive may be leased at `now`. */
export function isDue({ state, nextAttemptAt, leaseUntil }: ArchiveProgress, now: UnixSeconds): boolean {
  if (state === "open") return true;
  if (state === "retry") return nextAttemptAt !== null && nextAttemptAt <= now;
  return state === "leased" && leaseUntil !== null && leaseUntil <= now;
}

/** One minute, doubled by every attempt, at most an hour. */
export function backOffSeconds(attempts: number): number {
  return Math.min(MINUTE * 2 ** Math.max(attempts - 1, 0), HOUR);
}

function lease(progress: ArchiveProgress, leaseUntil: UnixSeconds): ArchiveProgress {
  return {
    ...progress,
    state: "leased",
    attempts: progress.attempts + 1,
    nextAttemptAt: null,
    leaseUntil,
    leaseToken: progress.leaseToken + 1,
  };
}

function fail(progress: ArchiveProgress, { kind, reason }: Failure, now: UnixSeconds): ArchiveProgress {
  const counted = {
    ...progress,
    missingCount: progress.missingCount + (kind === "missing" ? 1 : 0),
    damagedCount: progress.damagedCount + (kind === "damaged" ? 1 : 0),
  };
  const { missing, damaged } = QUARANTINED_AFTER;
  if (counted.missingCount >= missing || counted.damagedCount >= damaged) {
    return settle(counted, "quarantined", reason);
  }
  const nextAttemptAt = now + backOffSeconds(progress.attempts);
  return { ...counted, state: "retry", nextAttemptAt, leaseUntil: null, reason };
}

function openedAgain({ leaseToken }: ArchiveProgress): ArchiveProgress {
  return { ...NEVER_TRIED, leaseToken };
}

function settle(
  progress: ArchiveProgress,
  state: "complete" | "quarantined" | "skipped",
  reason: string | null,
): ArchiveProgress {
  return { ...progress, state, nextAttemptAt: null, leaseUntil: null, reason };
}

/** Not imported, and not skipped. */
function isWaiting({ state }: ArchiveProgress): boolean {
  return state !== "complete" && state !== "skipped";
}

/** Open and never tried, or somebody is at it. */
function isWorkedOn({ state }: ArchiveProgress): boolean {
  return state === "open" || state === "leased";
}
