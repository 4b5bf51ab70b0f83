// How far an export is behind, against the plan of its windows.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../core/clock.ts";
import { planWindows } from "../../core/plan-windows.ts";
import type { ExportConfig } from "./export-types.ts";
import { lagSeconds } from "./measure-lag.ts";

const FROM = 1_795_132_800;
const SETTINGS = { minWindowAgeSeconds: 10 * MINUTE, truncateWindowSeconds: HOUR };

const config: ExportConfig = {
  id: 1,
  name: "main",
  location: "client",
  region: "XX",
  filter: { includeRegions: ["XX"], excludeRegions: [], travelers: "region" },
  periodSeconds: HOUR,
  from: FROM,
  thru: null,
  backfillSeconds: 0,
  maxRecords: 1,
  minRecords: 0,
  paddingRange: 0,
  exportedUntil: FROM,
  openWindow: null,
  endingUntil: null,
  givenUp: null,
  endedAt: null,
  settingsRevision: 0,
};

describe("the lag of an export", () => {
  test.each([
    ["is nothing before a window is due", {}, FROM + HOUR + 10 * MINUTE - 1, 0],
    ["is nothing in the second in which one is", {}, FROM + HOUR + 10 * MINUTE, 0],
    ["counts from the oldest that is due", {}, FROM + 5 * HOUR, 4 * HOUR - 10 * MINUTE],
    ["counts for a window that is open", { openWindow: open(FROM + HOUR) }, FROM + 2 * HOUR, 50 * MINUTE],
    ["is nothing once it has ended", { endedAt: FROM, openWindow: open(FROM + HOUR) }, FROM + DAY, 0],
    ["is nothing for a clock that is behind", { openWindow: open(FROM + HOUR) }, FROM - DAY, 0],
    ["waits for the truncation behind an end", { thru: FROM + 90 }, FROM + 2 * HOUR, 50 * MINUTE],
  ])("%s", (_, changes, now, expected) => {
    expect(lagSeconds({ ...config, ...changes }, SETTINGS, now)).toBe(expected);
  });

  test("begins in the very second from which the plan has a window", () => {
    const period = fc.constantFrom(1, 60, 900, HOUR, 4 * HOUR, DAY);
    const age = fc.integer({ min: 0, max: 3 * HOUR });
    const truncation = fc.constantFrom(1, 60, HOUR, 7 * HOUR);
    const passed = fc.integer({ min: 0, max: 3 * DAY });
    const end = fc.option(fc.integer({ min: 1, max: 2 * DAY }));
    fc.assert(
      fc.property(
        period,
        age,
        truncation,
        passed,
        end,
        (periodSeconds, minWindowAgeSeconds, seconds, later, length) => {
          const thru = length === null ? null : FROM + length;
          const settings = { minWindowAgeSeconds, truncateWindowSeconds: seconds };
          const lagging = { ...config, periodSeconds, thru };
          const hasDue = (now: number) => planWindows({ ...lagging, ...settings, now }).windows.length > 0;
          const now = FROM + later;
          const lag = lagSeconds(lagging, settings, now);
          expect(hasDue(now - lag)).toBe(hasDue(now));
          if (hasDue(now)) expect(hasDue(now - lag - 1)).toBe(false);
          else expect(lag).toBe(0);
        },
      ),
    );
  });
});

function open(end: number): NonNullable<ExportConfig["openWindow"]> {
  return { end, list: "released", after: null };
}
