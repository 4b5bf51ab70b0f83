// Tests of symptom onset (KS 3.7).

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "./clock.ts";
import { intervalNumber } from "./intervals.ts";
import { chooseOnset, daysSinceOnset } from "./symptom-onset.ts";

const now = 20_000 * DAY + 10 * HOUR;
const current = intervalNumber(now);
const earliest = intervalNumber(19_972 * DAY);
const assumed = { interval: intervalNumber(now - 4 * DAY), source: "assumed" };

describe("the onset of an upload", () => {
  test.each([
    ["the request's", current - 500, null, { interval: current - 500, source: "request" }],
    [
      "the certificate's when the request says nothing",
      null,
      current - 9,
      { interval: current - 9, source: "certificate" },
    ],
    ["the request's before the certificate's", current - 1, current - 9, { interval: current - 1, source: "request" }],
    [
      "the certificate's when the request's is not past",
      current,
      current - 9,
      { interval: current - 9, source: "certificate" },
    ],
    ["at midnight 28 days ago at the earliest", earliest, null, { interval: earliest, source: "request" }],
    ["assumed four days ago when stated too early", earliest - 1, earliest - 1, assumed],
    ["assumed when stated as the future", current + 1, current + 144, assumed],
    ["assumed when stated as 0", 0, 0, assumed],
    ["assumed when stated nowhere", null, null, assumed],
  ])("is %s", (_name, request, certificate, expected) => {
    expect(chooseOnset({ request, certificate }, now)).toEqual(expected);
  });

  test("obeys the settings", () => {
    const options = { maxReportDays: 1, defaultDaysAgo: 2 };
    const stated = { request: current - 3 * 144, certificate: null };
    expect(chooseOnset(stated, now, options).interval).toBe(intervalNumber(now - 2 * DAY));
  });

  test("is always past and never older than allowed", () => {
    const stated = fc.option(fc.integer({ min: earliest - 300, max: current + 300 }));
    fc.assert(
      fc.property(stated, stated, (request, certificate) => {
        const { interval } = chooseOnset({ request, certificate }, now);
        expect(interval).toBeLessThan(current);
        expect(interval).toBeGreaterThanOrEqual(earliest);
      }),
    );
  });
});

describe("the days from onset to a key", () => {
  const onset = intervalNumber(20_000 * DAY);
  test.each([
    ["the key of the onset's day", onset + 143, 0],
    ["the last interval of the day before", onset - 1, -1],
    ["14 days later", onset + 14 * 144 + 143, 14],
    ["15 days later", onset + 15 * 144, "onset_range"],
    ["14 days before", onset - 14 * 144, -14],
    ["an interval more than 14 days before", onset - 14 * 144 - 1, "onset_range"],
  ])("%s", (_name, rollingStart, expected) => {
    expect(daysSinceOnset(onset, rollingStart)).toBe(expected);
  });
});
