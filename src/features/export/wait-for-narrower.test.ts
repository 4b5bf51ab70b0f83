// How long, and for whom, an export waits for another that failed.

import { expect, test } from "vitest";
import { HOUR } from "../../core/clock.ts";
import { DEFAULT_RECORD_LIMITS, type ExportConfig } from "./export-types.ts";
import { PATIENCE_SECONDS, waitsForNarrower } from "./wait-for-narrower.ts";

const START = 1_700_000_000;
const window = { start: START + HOUR, end: START + 2 * HOUR };
const closedAt = window.end + 60;

function configOf(includeRegions: readonly string[], changes: Partial<ExportConfig> = {}): ExportConfig {
  return {
    ...DEFAULT_RECORD_LIMITS,
    id: 1,
    name: "main",
    location: "main",
    region: "XX",
    filter: { includeRegions, excludeRegions: [], travelers: "region" },
    periodSeconds: HOUR,
    from: START,
    thru: null,
    backfillSeconds: 0,
    exportedUntil: START + HOUR,
    openWindow: null,
    endedAt: null,
    settingsRevision: 0,
    ...changes,
  };
}

const wide = configOf(["XX", "YY"]);
const waits = (failed: readonly ExportConfig[], now = closedAt) =>
  waitsForNarrower(wide, window, failed, closedAt, now);

test("waits for one that shares a region and has yet to export the window, until its patience ends", () => {
  const narrow = configOf(["XX"]);
  expect(waits([narrow])).toBe(true);
  expect(waits([narrow], closedAt + PATIENCE_SECONDS - 1)).toBe(true);
  expect(waits([narrow], closedAt + PATIENCE_SECONDS)).toBe(false);
  expect(waits([configOf(["ZZ"]), narrow])).toBe(true);
});

test.each([
  ["nobody failed", []],
  ["it has other regions", [configOf(["ZZ"])]],
  ["it has exported the window", [configOf(["XX"], { exportedUntil: window.end })]],
  ["it pads nothing", [configOf(["XX"], { minRecords: 0 })]],
  ["it begins later", [configOf(["XX"], { exportedUntil: null, from: window.end })]],
  ["it ends before", [configOf(["XX"], { thru: window.start })]],
])("does not wait where %s", (_, failed) => {
  expect(waits(failed)).toBe(false);
});

test("waits for one that has not begun yet and ends behind the window's start", () => {
  expect(waits([configOf(["XX"], { exportedUntil: null, thru: window.start + 1 })])).toBe(true);
});
