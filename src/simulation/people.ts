// Invented people who report a positive test: when, which keys, and whether the diagnosis changes later.

import { DAY, HOUR, type UnixSeconds } from "../core/clock.ts";
import { type ExposureKey, ReportType } from "../core/exposure-key.ts";
import { INTERVAL, INTERVALS_PER_DAY } from "../core/intervals.ts";
import type { Random } from "../core/random.ts";

export interface Person {
  readonly reportsAt: UnixSeconds;
  readonly exposureKeys: readonly ExposureKey[];
  /** The same keys with another report type, once the laboratory has spoken. */
  readonly revision: { readonly at: UnixSeconds; readonly exposureKeys: readonly ExposureKey[] } | null;
}

/** The people of one region, in the order of their reports; `perDay` of them on average, between `from` and `until`. */
export function inventPeople(random: Random, from: UnixSeconds, until: UnixSeconds, perDay: number): Person[] {
  const people: Person[] = [];
  for (let day = from; day < until; day += DAY) {
    const count = Math.round(perDay / 2) + random.integer(perDay);
    for (let n = 0; n < count; n++) {
      const reportsAt = day + 6 * HOUR + random.integer(16 * HOUR);
      if (reportsAt < until) people.push(inventPerson(random, reportsAt, until));
    }
  }
  return people.sort((a, b) => a.reportsAt - b.reportsAt);
}

function inventPerson(random: Random, reportsAt: UnixSeconds, until: UnixSeconds): Person {
  const reportType = oneOf(random, [
    ReportType.confirmed,
    ReportType.confirmed,
    ReportType.likely,
    ReportType.userReport,
    null,
  ]);
  const exposureKeys = inventKeys(random, reportsAt, reportType);
  // Soon enough that no import finds the oldest key beyond its age limit of fifteen days.
  const revisedAt = reportsAt + 12 * HOUR + random.integer(18 * HOUR);
  const changes = reportType === ReportType.likely || reportType === ReportType.userReport;
  if (!changes || random.integer(2) === 0 || revisedAt >= until) return { reportsAt, exposureKeys, revision: null };
  const revisedType = random.integer(2) === 0 ? ReportType.revoked : ReportType.confirmed;
  const revised = exposureKeys.map((exposureKey) => ({ ...exposureKey, reportType: revisedType }));
  return { reportsAt, exposureKeys, revision: { at: revisedAt, exposureKeys: revised } };
}

/** One key for each of the last days; today's ends now on some phones, and at midnight, after its release, on others. */
function inventKeys(random: Random, reportsAt: UnixSeconds, reportType: ReportType | null): ExposureKey[] {
  const days = 1 + random.integer(12);
  const today = Math.floor(reportsAt / DAY) * INTERVALS_PER_DAY;
  const onsetDaysAgo = random.integer(3) === 0 ? null : random.integer(9);
  const transmissionRisk = oneOf(random, [null, 0, 1, 3, 5]);
  const endsNow = random.integer(1) === 0;
  return Array.from({ length: days }, (_, daysAgo) => ({
    keyData: random.bytes(16),
    rollingStart: today - daysAgo * INTERVALS_PER_DAY,
    rollingPeriod: daysAgo === 0 && endsNow ? Math.floor((reportsAt % DAY) / INTERVAL) : INTERVALS_PER_DAY,
    transmissionRisk,
    reportType,
    daysSinceOnset: onsetDaysAgo === null ? null : onsetDaysAgo - daysAgo,
  }));
}

function oneOf<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[random.integer(choices.length - 1)] ?? choices[0];
}
