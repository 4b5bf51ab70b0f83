// Invented people who report a positive test: when, which keys, and whether the diagnosis changes later.

import { DAY, HOUR, type UnixSeconds } from "../../core/clock.ts";
import { INTERVAL, INTERVALS_PER_DAY } from "../../core/intervals.ts";
import type { Random } from "../../core/random.ts";
import type { ReportTypeName } from "../../core/report-type.ts";

export interface Person {
  readonly reportsAt: UnixSeconds;
  /** Of the last days, today's first. */
  readonly keys: readonly PersonKey[];
  readonly reportType: ReportTypeName;
  /** When symptoms began; null: nobody says. */
  readonly onset: { readonly interval: number; readonly statedBy: "phone" | "authority" } | null;
  /** What the laboratory says later about the same keys. */
  readonly revision: { readonly at: UnixSeconds; readonly reportType: ReportTypeName } | null;
}

export interface PersonKey {
  readonly keyData: Uint8Array;
  readonly rollingStart: number;
  readonly rollingPeriod: number;
  /** 0: the phone leaves it to the server. */
  readonly transmissionRisk: number;
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
  const reportType = oneOf<ReportTypeName>(random, ["confirmed", "confirmed", "confirmed", "likely", "user-report"]);
  const keys = inventKeys(random, reportsAt);
  const onset = inventOnset(random, reportsAt);
  // Soon enough that no import finds the oldest key beyond its age limit of fifteen days.
  const revisedAt = reportsAt + 12 * HOUR + random.integer(18 * HOUR);
  const changes = reportType !== "confirmed" && random.integer(2) > 0 && revisedAt < until;
  const revisedType = oneOf<ReportTypeName>(random, ["negative", "confirmed", "confirmed"]);
  return { reportsAt, keys, reportType, onset, revision: changes ? { at: revisedAt, reportType: revisedType } : null };
}

/** One key for each of the last days; today's ends now on some phones, and at midnight, after its release, on others. */
function inventKeys(random: Random, reportsAt: UnixSeconds): PersonKey[] {
  const days = 1 + random.integer(12);
  const today = startOfDay(reportsAt);
  const transmissionRisk = oneOf(random, [0, 0, 1, 3, 5]);
  const endsNow = random.integer(1) === 0;
  return Array.from({ length: days }, (_, daysAgo) => ({
    keyData: random.bytes(16),
    rollingStart: today - daysAgo * INTERVALS_PER_DAY,
    rollingPeriod: daysAgo === 0 && endsNow ? Math.floor((reportsAt % DAY) / INTERVAL) : INTERVALS_PER_DAY,
    transmissionRisk,
  }));
}

function inventOnset(random: Random, reportsAt: UnixSeconds): Person["onset"] {
  const interval = startOfDay(reportsAt) - random.integer(9) * INTERVALS_PER_DAY;
  const statedBy = oneOf<"phone" | "authority" | null>(random, ["phone", "authority", "authority", null]);
  return statedBy === null ? null : { interval, statedBy };
}

/** Its first interval. */
function startOfDay(at: UnixSeconds): number {
  return Math.floor(at / DAY) * INTERVALS_PER_DAY;
}

function oneOf<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[random.integer(choices.length - 1)] ?? choices[0];
}
