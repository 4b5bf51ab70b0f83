// All that a phone keeps from one check to the next: plain data that survives JSON.

import type { UnixSeconds } from "../core/clock.ts";
import type { KnownKeys } from "./hold-keys.ts";

export interface PhoneCounters {
  checks: number;
  /** Checks that ended well; one that found nothing new did. */
  checksOk: number;
  lastOkAt: UnixSeconds | null;
  /** Between two checks that ended well; the time since `lastOkAt` is not in it. */
  longestGapSeconds: number;
  /** Refusals: an archive that stays listed is counted at every check. */
  refusedArchives: number;
  /** Primaries of keys that had been delivered as primaries before. */
  repeatedPrimaries: number;
  /** Revisions that said something new and that the rules of DB 4.1 did not let through. */
  skippedRevisions: number;
}

/** What the operating system keeps for the app. */
export interface SystemMemory {
  keys: KnownKeys;
  /** The provide calls, and the files in them, that count for the quota; by the phone's own clock. */
  provideCalls: UnixSeconds[];
  providedFiles: UnixSeconds[];
  /** Archives that it takes for known when they come again -> the line under which each came. */
  archives: Record<string, string>;
}

export interface PhoneMemory<FollowerMemory> extends SystemMemory {
  follower: FollowerMemory;
  readonly counters: PhoneCounters;
}

export function newPhoneMemory<FollowerMemory>(follower: FollowerMemory): PhoneMemory<FollowerMemory> {
  const counters: PhoneCounters = {
    checks: 0,
    checksOk: 0,
    lastOkAt: null,
    longestGapSeconds: 0,
    refusedArchives: 0,
    repeatedPrimaries: 0,
    skippedRevisions: 0,
  };
  return { follower, counters, keys: {}, provideCalls: [], providedFiles: [], archives: {} };
}

/** The app was removed and installed again: all is gone but the counters and what the system counts for its quota. */
export function forgetInstallation<FollowerMemory>(memory: PhoneMemory<FollowerMemory>, first: FollowerMemory): void {
  memory.follower = first;
  memory.keys = {};
  memory.archives = {};
}

/** Counts one check that ended at `now`. */
export function countCheck(counters: PhoneCounters, ended: "ok" | "failed", now: UnixSeconds): void {
  counters.checks++;
  if (ended === "failed") return;
  counters.checksOk++;
  if (counters.lastOkAt !== null) {
    counters.longestGapSeconds = Math.max(counters.longestGapSeconds, now - counters.lastOkAt);
  }
  counters.lastOkAt = now;
}
