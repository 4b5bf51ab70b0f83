// How long, and for whom, an export waits for another that failed.

import { expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../../core/clock.ts";
import { DEFAULT_RECORD_LIMITS, type ExportConfig } from "./export-types.ts";
import { PATIENCE_SECONDS, waitsForNarrower } from "./wait-for-narrower.ts";

const START = 1_700_006_400;
const SETTINGS = { minWindowAgeSeconds: MINUTE, truncateWindowSeconds: HOUR };
const window = { start: START + HOUR, end: START + 2 * HOUR };
/** When the window could be exported first. */
const DUE = window.end + MINUTE;

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
    endingUntil: null,
    givenUp: null,
    endedAt: null,
    settingsRevision: 0,
    ...changes,
  };
}

const wide = configOf(["XX", "YY"]);
const narrow = configOf(["XX"]);
const waits = (behind: readonly ExportConfig[], now = DUE, { config = wide, of = window } = {}) =>
  waitsForNarrower(config, of, behind, now, SETTINGS);

test("waits for one that shares a region and has yet to export the window, until its patience ends", () => {
  expect(waits([narrow])).toBe(true);
  expect(waits([narrow], DUE + PATIENCE_SECONDS - 1)).toBe(true);
  expect(waits([narrow], DUE + PATIENCE_SECONDS)).toBe(false);
  expect(waits([configOf(["ZZ"]), narrow])).toBe(true);
});

test("patience begins when the window can be exported, which may be long after its end", () => {
  const of = { start: START + HOUR, end: START + HOUR + 15 * MINUTE };
  expect(waits([narrow], DUE + PATIENCE_SECONDS - 1, { config: wide, of })).toBe(true);
  expect(waits([narrow], DUE + PATIENCE_SECONDS, { config: wide, of })).toBe(false);
});

test("patience with a first window that takes history along, and ends later from run to run, begins at its start", () => {
  const config = configOf(["XX", "YY"], { exportedUntil: null, backfillSeconds: DAY });
  const due = START + MINUTE;
  const of = { start: START - DAY, end: START };
  expect(waits([configOf(["XX"], { exportedUntil: null })], due, { config, of })).toBe(false);
  const behind = [configOf(["XX"], { exportedUntil: null, backfillSeconds: DAY })];
  expect(waits(behind, due, { config, of })).toBe(true);
  expect(waits(behind, due + PATIENCE_SECONDS, { config, of: { ...of, end: START + 9 * HOUR } })).toBe(false);
});

test.each<[string, ExportConfig[]]>([
  ["nobody is behind", []],
  ["it has other regions", [configOf(["ZZ"])]],
  ["it has exported the window", [configOf(["XX"], { exportedUntil: window.end })]],
  ["it has exported up to its end", [configOf(["XX"], { exportedUntil: window.end - 1, thru: window.end - 1 })]],
  ["it pads nothing", [configOf(["XX"], { minRecords: 0 })]],
  ["it begins later", [configOf(["XX"], { exportedUntil: null, from: window.end })]],
  ["it ends before", [configOf(["XX"], { thru: window.start })]],
])("does not wait where %s", (_, behind) => {
  expect(waits(behind)).toBe(false);
});

test.each<[string, ExportConfig[]]>([
  ["has not begun", [configOf(["XX"], { exportedUntil: null, thru: window.start + 1 })]],
  ["takes history along", [configOf(["XX"], { exportedUntil: null, from: window.end, backfillSeconds: 1 })]],
  [
    "takes travellers of any region",
    [configOf(["ZZ"], { filter: { includeRegions: ["ZZ"], excludeRegions: [], travelers: "also" } })],
  ],
])("waits for one that %s", (_, behind) => {
  expect(waits(behind)).toBe(true);
});

test("waits where it takes travellers of any region itself, but not where it takes none", () => {
  const other = [configOf(["ZZ"])];
  const taking = (travelers: "also" | "never") =>
    configOf(["XX"], { filter: { includeRegions: ["XX"], excludeRegions: [], travelers } });
  expect(waits(other, DUE, { config: taking("also"), of: window })).toBe(true);
  expect(waits(other, DUE, { config: taking("never"), of: window })).toBe(false);
  const never = [configOf(["ZZ"], { filter: { includeRegions: ["ZZ"], excludeRegions: [], travelers: "never" } })];
  expect(waits(never, DUE, { config: taking("also"), of: window })).toBe(false);
});
