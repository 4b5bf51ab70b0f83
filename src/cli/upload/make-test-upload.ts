// Exposure keys as a phone would have them that was switched on two weeks ago.

import type { Upload, UploadKey } from "../../client/client-types.ts";
import { DAY, type UnixSeconds } from "../../core/clock.ts";
import { INTERVALS_PER_DAY, intervalNumber } from "../../core/intervals.ts";
import type { Random } from "../../core/random.ts";

const DAYS = 14;
/** Near enough to all of them that none is dropped (KS 3.7). */
const ONSET_DAYS_AGO = 4;

/**
 * Whole days, from yesterday backwards, so that no key is held back and none is too old; of more than 14 keys several
 * share a day, as many as a server takes (KS 3.6).
 */
export function makeTestUpload(count: number, now: UnixSeconds, random: Random): Omit<Upload, "credential"> {
  const today = intervalNumber(now - (now % DAY));
  const keys = Array.from(
    { length: count },
    (_, index): UploadKey => ({
      keyData: random.bytes(16),
      rollingStart: today - INTERVALS_PER_DAY * (1 + (index % DAYS)),
      rollingPeriod: INTERVALS_PER_DAY,
    }),
  );
  return { keys, symptomOnsetInterval: today - INTERVALS_PER_DAY * ONSET_DAYS_AGO };
}
