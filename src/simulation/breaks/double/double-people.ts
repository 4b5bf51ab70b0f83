// The people of a double world: who uploads what and when, and the uploads that servers are known to stumble over.

import { DAY, HOUR, type UnixSeconds } from "../../../core/clock.ts";
import { type ExposureKey, ReportType } from "../../../core/exposure-key.ts";
import { INTERVALS_PER_DAY } from "../../../core/intervals.ts";
import type { Random } from "../../../core/random.ts";

export interface Errand {
  readonly at: UnixSeconds;
  readonly keys: readonly ExposureKey[];
  readonly hasToken: boolean;
  readonly isRevision: boolean;
}

export interface Crowd {
  readonly random: Random;
  readonly from: UnixSeconds;
  /** Nobody uploads at or after it. */
  readonly until: UnixSeconds;
  /** One person reports in each such span. */
  readonly everySeconds: number;
}

/** One upload in so many gets no answer, and is sent again with one more key. */
const UNANSWERED_EVERY = 6;
/** So that no window holds both a key and its revision. */
const REVISED_AFTER_SECONDS = 30 * HOUR;

/** In order of time. */
export function inventErrands({ random, from, until, everySeconds }: Crowd): Errand[] {
  const errands: Errand[] = [];
  for (let start = from; start + everySeconds <= until; start += everySeconds) {
    const at = start + random.integer(everySeconds - 1);
    errands.push(...errandsOfPerson(random, at));
  }
  return errands.filter((errand) => errand.at < until).sort((a, b) => a.at - b.at);
}

/** Half of them know today's key, which goes on until midnight. */
function errandsOfPerson(random: Random, at: UnixSeconds): Errand[] {
  const { confirmed, likely, userReport, revoked } = ReportType;
  const reportType = pick(random, [confirmed, confirmed, likely, userReport]);
  const keys = inventKeys(random, at + random.integer(1) * DAY, 1 + random.integer(2), reportType);
  const report = { at, keys, hasToken: false, isRevision: false };
  if (random.integer(UNANSWERED_EVERY - 1) === 0) {
    const another = inventKeys(random, at - 4 * DAY, 1, reportType);
    return [report, { ...report, at: at + HOUR, keys: [...keys, ...another] }];
  }
  if (reportType === confirmed || random.integer(1) === 0) return [report];
  const revisedType = pick(random, [confirmed, revoked]);
  const revised = keys.map((key) => ({ ...key, reportType: revisedType }));
  return [report, { at: at + REVISED_AFTER_SECONDS, keys: revised, hasToken: true, isRevision: true }];
}

/** Of the days before that of `at`. */
export function inventKeys(random: Random, at: UnixSeconds, count: number, reportType: ReportType): ExposureKey[] {
  const today = Math.floor(at / DAY) * INTERVALS_PER_DAY;
  return Array.from({ length: count }, (_, index) => ({
    keyData: random.bytes(16),
    rollingStart: today - (index + 1) * INTERVALS_PER_DAY,
    rollingPeriod: INTERVALS_PER_DAY - random.integer(1) * random.integer(100),
    transmissionRisk: 1 + random.integer(7),
    reportType,
    daysSinceOnset: random.integer(10) - 4,
  }));
}

function pick<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[random.integer(choices.length - 1)] ?? choices[0];
}
