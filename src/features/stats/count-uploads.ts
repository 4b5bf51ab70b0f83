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
      return { authorityId: first.authorityId, hourAt: hourOf(first), ...sum(group.map(countsOf)) };
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

function countsOf(upload: UploadFacts): Counts {
  const { platform, hasRevision, onsetDays } = upload;
  return {
    byPlatform: { unknown: 0, android: 0, ios: 0, [platform]: 1 },
    keys: upload.keyCount,
    revisions: hasRevision ? 1 : 0,
    missingOnset: !hasRevision && onsetDays === null ? 1 : 0,
    keyAges: oneIn(KEY_AGE_BUCKETS, hasRevision ? null : upload.oldestKeyDays),
    onsets: oneIn(ONSET_BUCKETS, hasRevision ? null : onsetDays),
  };
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
    keyAges: oneIn(KEY_AGE_BUCKETS, null).map((_, day) => total(({ keyAges }) => keyAges[day] ?? 0)),
    onsets: oneIn(ONSET_BUCKETS, null).map((_, day) => total(({ onsets }) => onsets[day] ?? 0)),
  };
}

/** All zero but for the bucket of `days`, which is the last one for more. */
function oneIn(buckets: number, days: number | null): number[] {
  const bucket = days === null ? null : Math.min(Math.max(days, 0), buckets - 1);
  return Array.from({ length: buckets }, (_, index) => (index === bucket ? 1 : 0));
}
