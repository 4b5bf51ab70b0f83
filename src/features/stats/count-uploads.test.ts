// Hours, days, thresholds and embargo of the statistics (KS 6).

import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../core/clock.ts";
import { countUploads, reduceToDays } from "./count-uploads.ts";
import type { HourCounts, UploadFacts } from "./stats-types.ts";

const MIDNIGHT = 20_000 * DAY;
const settings = { uploadMinimum: 10, embargoSeconds: 2 * DAY, keptSeconds: 14 * DAY };

function upload(changes: Partial<UploadFacts> = {}): UploadFacts {
  return {
    authorityId: 1,
    receivedAt: MIDNIGHT + 600,
    platform: "android",
    keyCount: 14,
    hasRevision: false,
    oldestKeyDays: 13,
    onsetDays: 3,
    ...changes,
  };
}

function hours(count: number, hourAt: number): HourCounts[] {
  return countUploads(Array.from({ length: count }, () => upload({ receivedAt: hourAt })));
}

describe("what uploads add", () => {
  test("uploads of one authority and hour are one entry, in the order of locking", () => {
    const counted = countUploads([
      upload({ authorityId: 2 }),
      upload({ receivedAt: MIDNIGHT + HOUR }),
      upload({ platform: "ios", onsetDays: null }),
      upload(),
    ]);
    expect(counted.map(({ authorityId, hourAt }) => [authorityId, hourAt])).toEqual([
      [1, MIDNIGHT],
      [1, MIDNIGHT + HOUR],
      [2, MIDNIGHT],
    ]);
    expect(counted[0]).toMatchObject({ byPlatform: { unknown: 0, android: 1, ios: 1 }, keys: 28, missingOnset: 1 });
  });

  test("ages and onsets beyond the last bucket count in it", () => {
    const [hour] = countUploads([
      upload({ oldestKeyDays: 40, onsetDays: 90 }),
      upload({ oldestKeyDays: 15, onsetDays: 29 }),
    ]);
    expect(hour?.keyAges).toEqual([...Array.from({ length: 15 }, () => 0), 2]);
    expect(hour?.onsets).toEqual([...Array.from({ length: 29 }, () => 0), 2]);
  });

  test("an upload that revises counts as a revision and in no distribution", () => {
    const [hour] = countUploads([upload({ hasRevision: true, onsetDays: null })]);
    expect(hour).toMatchObject({ revisions: 1, missingOnset: 0, keys: 14 });
    expect([...(hour?.keyAges ?? []), ...(hour?.onsets ?? [])].every((count) => count === 0)).toBe(true);
  });
});

describe("what is shown", () => {
  test("the running hour is left out", () => {
    const all = [...hours(10, MIDNIGHT), ...hours(10, MIDNIGHT + HOUR)];
    expect(reduceToDays(all, settings, MIDNIGHT + HOUR + 1)).toMatchObject([{ dayAt: MIDNIGHT, keys: 140 }]);
    expect(reduceToDays(all, settings, MIDNIGHT + 2 * HOUR)).toMatchObject([{ keys: 280 }]);
  });

  test("a day with few uploads waits for its embargo", () => {
    const few = hours(9, MIDNIGHT);
    expect(reduceToDays(few, settings, MIDNIGHT + 3 * DAY)).toEqual([]);
    expect(reduceToDays(few, settings, MIDNIGHT + 3 * DAY + 1)).toHaveLength(1);
    expect(reduceToDays(few, { ...settings, embargoSeconds: 0 }, MIDNIGHT + 30 * DAY)).toEqual([]);
  });

  test("days come in their order", () => {
    const all = [...hours(10, MIDNIGHT + DAY), ...hours(10, MIDNIGHT)];
    expect(reduceToDays(all, settings, MIDNIGHT + 2 * DAY).map(({ dayAt }) => dayAt)).toEqual([
      MIDNIGHT,
      MIDNIGHT + DAY,
    ]);
  });
});
