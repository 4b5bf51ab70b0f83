// The end of a run: nothing that comes in time is missed, for any moment of release and any phone.

import * as fc from "fast-check";
import { expect, test } from "vitest";
import { DAY, HOUR } from "../../core/clock.ts";
import { planWindows } from "../../core/plan-windows.ts";
import { PHONE_KINDS } from "../../device/kinds.ts";
import { EXPORT_PERIOD_SECONDS, endOfRun, exportedBy, LATEST_ARRIVAL_SECONDS, mirroredBy } from "./longest-way.ts";

const release = fc.integer({ min: 0, max: 20_000 }).map((hours) => hours * HOUR);

test("an export has a key in a window by then", () => {
  fc.assert(
    fc.property(release, (releasedAt) => {
      const { windows } = planWindows({
        exportedUntil: null,
        from: releasedAt - (releasedAt % EXPORT_PERIOD_SECONDS),
        thru: null,
        periodSeconds: EXPORT_PERIOD_SECONDS,
        now: exportedBy(releasedAt) - 2 * HOUR,
        minWindowAgeSeconds: 2 * HOUR,
        truncateWindowSeconds: HOUR,
        backfillSeconds: 0,
      });
      expect(windows.some(({ start, end }) => start <= releasedAt && releasedAt < end)).toBe(true);
    }),
  );
});

test("the slowest phone of the catalogue sees every key before it is late", () => {
  const slowest = Math.max(...PHONE_KINDS.map(({ pollSeconds }) => pollSeconds));
  fc.assert(
    fc.property(release, (releasedAt) => {
      expect(mirroredBy(releasedAt) + slowest - releasedAt).toBeLessThan(LATEST_ARRIVAL_SECONDS);
    }),
  );
});

test("a run ends after every phone could see its last key, and after that key would have been late", () => {
  fc.assert(
    fc.property(release, fc.integer({ min: HOUR, max: 2 * DAY }), (releasedAt, pollSeconds) => {
      const endsAt = endOfRun(releasedAt, pollSeconds);
      expect(endsAt).toBeGreaterThanOrEqual(mirroredBy(releasedAt) + 2 * pollSeconds);
      expect(endsAt).toBeGreaterThanOrEqual(releasedAt + LATEST_ARRIVAL_SECONDS + pollSeconds);
    }),
  );
});
