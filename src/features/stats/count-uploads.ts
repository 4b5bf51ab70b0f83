// What uploads add to the hours in which they came, and hours to days: pure.

import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import { truncateWindow } from "../../core/intervals.ts";
import {
  type Counts,
  type DayCounts,
  type HourCounts,
  KEY_AGE_BUCKETS,
  ONSET_BUCKETS,
  type StatsSettings,
  type UploadFacts,
} from "./stats-types.ts";

/** One entry for each authority and hour, in the order in which every writer locks them. */
export function countUploads(uploads: readonly UploadFacts[]): HourCounts[] {
  const groups = Map.groupBy(uploads, (upload) => `${upload.authorityId} ${hourOf(upload)}`);
  return [...groups.values()]
    .map((group) => {
      const [first] = group;
      if (first === undefined) throw new Error("no group is empty");
      return { authorityId: first.authorityId, hourAt: hourOf(first), ...countsOf(group) };
    })
    .toSorted((left, right) => left.authorityId - right.authorityId || left.hourAt - right.hourAt);
}

/**
 * The days that may be shown at `now`, ascending (KS 6.3): the running hour is left out, and days with few uploads until
 * their embargo is over.
 */
export function reduceToDays(hours: readonly HourCounts[], settings: StatsSettings, now: UnixSeconds): DayCounts[] {
  const past = hours.filter(({ hourAt }) => hourAt < truncateWindow(now, HOUR));
  const days = Map.groupBy(past, ({ hourAt }) => truncateWindow(hourAt, DAY));
  return [...days]
    .map(([dayAt, group]) => ({ dayAt, ...sum(group) }))
    .filter((day) => isShown(day, settings, now))
    .toSorted((left, right) => left.dayAt - right.dayAt);
}

function isShown(day: DayCounts, { uploadMinimum, embargoSeconds }: StatsSettings, now: UnixSeconds): boolean {
  const { unknown, android, ios } = day.byPlatform;
  if (unknown + android + ios >= uploadMinimum) return true;
  return embargoSeconds > 0 && day.dayAt + DAY + embargoSeconds < now;
}

function hourOf({ receivedAt }: UploadFacts): UnixSeconds {
  return truncateWindow(receivedAt, HOUR);
}

function countsOf(uploads: readonly UploadFacts[]): Counts {
  const byPlatform = { unknown: 0, android: 0, ios: 0 };
  const keyAges = zeros(KEY_AGE_BUCKETS);
  const onsets = zeros(ONSET_BUCKETS);
  let [keys, revisions, missingOnset] = [0, 0, 0];
  for (const { platform, keyCount, hasRevision, oldestKeyDays, onsetDays } of uploads) {
    byPlatform[platform]++;
    keys += keyCount;
    if (hasRevision) {
      revisions++;
      continue;
    }
    countDays(keyAges, oldestKeyDays);
    if (onsetDays === null) missingOnset++;
    else countDays(onsets, onsetDays);
  }
  return { byPlatform, keys, revisions, missingOnset, keyAges, onsets };
}

function sum(all: readonly Counts[]): Counts {
  const total = (read: (counts: Counts) => number) => all.reduce((so, counts) => so + read(counts), 0);
  return {
    byPlatform: {
      unknown: total(({ byPlatform }) => byPlatform.unknown),
      android: total(({ byPlatform }) => byPlatform.android),
      ios: total(({ byPlatform }) => byPlatform.ios),
    },
    keys: total(({ keys }) => keys),
    revisions: total(({ revisions }) => revisions),
    missingOnset: total(({ missingOnset }) => missingOnset),
    keyAges: zeros(KEY_AGE_BUCKETS).map((_, day) => total((counts) => counts.keyAges[day] ?? 0)),
    onsets: zeros(ONSET_BUCKETS).map((_, day) => total((counts) => counts.onsets[day] ?? 0)),
  };
}

function zeros(buckets: number): number[] {
  return Array.from({ length: buckets }, () => 0);
}

/** The last bucket is for more days. */
function countDays(buckets: number[], days: number): void {
  const bucket = Math.min(Math.max(days, 0), buckets.length - 1);
  buckets[bucket] = (buckets[bucket] ?? 0) + 1;
}
