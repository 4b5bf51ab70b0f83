// The words of the statistics: what one upload adds, what an hour and a day amount to (KS 6).

import type { UnixSeconds } from "../../core/clock.ts";

export const PLATFORMS = ["unknown", "android", "ios"] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Days 0 to 14, and 15 or more (KS 6.2). */
export const KEY_AGE_BUCKETS = 16;
/** Days 0 to 28, and 29 or more (KS 6.2). */
export const ONSET_BUCKETS = 30;

/** What one stored upload adds. */
export interface UploadFacts {
  readonly authorityId: number;
  readonly receivedAt: UnixSeconds;
  readonly platform: Platform;
  /** Inserted and revised ones. */
  readonly keyCount: number;
  /** An upload that revised a key counts as such, and in no distribution (KS 6.4). */
  readonly hasRevision: boolean;
  readonly oldestKeyDays: number;
  /** null: nobody stated an onset. */
  readonly onsetDays: number | null;
}

export interface Counts {
  readonly byPlatform: Readonly<Record<Platform, number>>;
  readonly keys: number;
  readonly revisions: number;
  readonly missingOnset: number;
  readonly keyAges: readonly number[];
  readonly onsets: readonly number[];
}

export interface HourCounts extends Counts {
  readonly authorityId: number;
  /** The hour's beginning. */
  readonly hourAt: UnixSeconds;
}

export interface DayCounts extends Counts {
  /** UTC midnight. */
  readonly dayAt: UnixSeconds;
}

export interface StatsSettings {
  /** STATS_UPLOAD_MINIMUM (KS 6.3): days with fewer uploads could tell of a person. */
  readonly uploadMinimum: number;
  /** STATS_EMBARGO_PERIOD (KS 6.3): after it small days are shown too; 0: never. */
  readonly embargoSeconds: number;
  /** CLEANUP_TTL: how long hours are kept. */
  readonly keptSeconds: number;
}
