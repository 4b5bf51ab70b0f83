// Which exports run for themselves, and which after each other.

import { expect, test } from "vitest";
import { DEFAULT_RECORD_LIMITS, type ExportConfig } from "./export-types.ts";
import { groupExports } from "./group-exports.ts";

let nextId = 1;
function configOf(name: string, includeRegions: readonly string[], changes: Partial<ExportConfig> = {}): ExportConfig {
  return {
    ...DEFAULT_RECORD_LIMITS,
    id: nextId++,
    name,
    location: name,
    region: "XX",
    filter: { includeRegions, excludeRegions: [], travelers: "region" },
    periodSeconds: 3_600,
    from: 0,
    thru: null,
    backfillSeconds: 0,
    exportedUntil: null,
    openWindow: null,
    endedAt: null,
    endingUntil: null,
    givenUp: null,
    settingsRevision: 0,
    ...changes,
  };
}
const unpadded = { minRecords: 0 };
const grouped = (...configs: ExportConfig[]) =>
  groupExports(configs).map(({ name, configs: members }) => [name, members.map((one) => one.name)]);

test("exports of other regions to other locations run for themselves", () => {
  expect(grouped(configOf("a", ["AA"]), configOf("b", ["BB"]))).toEqual([
    ["a", ["a"]],
    ["b", ["b"]],
  ]);
  expect(grouped()).toEqual([]);
});

test("one that may be padded, and one that takes its regions too, are a group, the narrow one first", () => {
  const [wide, narrow] = [configOf("wide", ["AA", "BB"]), configOf("narrow", ["AA"])];
  expect(grouped(wide, narrow)).toEqual([["wide", ["narrow", "wide"]]]);
  expect(grouped({ ...wide, ...unpadded }, narrow)).toHaveLength(1);
  expect(grouped({ ...wide, ...unpadded }, { ...narrow, ...unpadded })).toHaveLength(2);
});

test("exports to one location are a group", () => {
  const place = { location: "phones" };
  expect(grouped(configOf("a", ["AA"], place), configOf("b", ["BB"], place))).toEqual([["a", ["a", "b"]]]);
});

test("what joins two groups makes them one, under the name of the oldest", () => {
  const [a, b, both] = [configOf("a", ["AA"]), configOf("b", ["BB"]), configOf("both", ["AA", "BB"])];
  expect(grouped(both, b, a)).toEqual([["a", ["a", "b", "both"]]]);
});
