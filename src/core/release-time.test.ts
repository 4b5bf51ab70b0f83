// Tests of the embargo (KS 3.6).

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "./clock.ts";
import { INTERVAL, intervalNumber } from "./intervals.ts";
import { releaseTime } from "./release-time.ts";

const hourly = { truncateWindowSeconds: HOUR };
const midnight = 20_000 * DAY;
const today = intervalNumber(midnight);

describe("the release time of a key received today at 10:17", () => {
  const now = midnight + 10 * HOUR + 17 * MINUTE;

  test.each([
    ["yesterday's key: this hour", { rollingStart: today - 144, rollingPeriod: 144 }, 10 * HOUR],
    ["today's whole key: an hour after midnight", { rollingStart: today, rollingPeriod: 144 }, 25 * HOUR],
    ["a key that ended with the interval before: this hour", { rollingStart: today, rollingPeriod: 61 }, 10 * HOUR],
    ["a key that ends with this interval: the next hour", { rollingStart: today, rollingPeriod: 62 }, 11 * HOUR],
    ["a key that ends on the hour: the hour after", { rollingStart: today, rollingPeriod: 66 }, 12 * HOUR],
  ])("%s", (_name, validity, expected) => {
    expect(releaseTime(validity, now, hourly) - midnight).toBe(expected);
  });

  test("without embargo it is always this hour", () => {
    const released = releaseTime({ rollingStart: today, rollingPeriod: 144 }, now, {
      ...hourly,
      releaseSameDayKeys: true,
    });
    expect(released - midnight).toBe(10 * HOUR);
  });
});

test("a release time is a window start, after the end of a running key, and hides no key longer than needed", () => {
  const window = fc.constantFrom(MINUTE, 15 * MINUTE, HOUR, DAY);
  fc.assert(
    fc.property(
      fc.integer({ min: midnight, max: midnight + 5 * DAY }),
      fc.integer({ min: today - 2_160, max: today + 1_000 }),
      fc.integer({ min: 1, max: 144 }),
      window,
      (now, rollingStart, rollingPeriod, truncateWindowSeconds) => {
        const released = releaseTime({ rollingStart, rollingPeriod }, now, { truncateWindowSeconds });
        const end = (rollingStart + rollingPeriod) * INTERVAL;
        expect(released % truncateWindowSeconds).toBe(0);
        if (end > now) expect(released).toBeGreaterThan(end);
        expect(released).toBeGreaterThan(now - truncateWindowSeconds);
        expect(released).toBeLessThanOrEqual(Math.max(now, end + truncateWindowSeconds));
      },
    ),
  );
});
