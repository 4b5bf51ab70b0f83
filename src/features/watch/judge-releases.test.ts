// Which accepted keys reach no phone.

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../core/clock.ts";
import { fateOf, judgeReleases } from "./judge-releases.ts";
import type { Release, WatchedExport } from "./watch-types.ts";

const NOW = 1_795_132_800;

const main: WatchedExport = {
  name: "main",
  location: "client",
  region: "XX",
  filter: { includeRegions: ["XX"], excludeRegions: [], travelers: "region" },
  pastFilters: [],
  start: NOW - 10 * DAY,
  until: null,
  exportedUntil: NOW,
  endedAt: null,
  stretches: [],
};

const release = (changes: Partial<Release> = {}): Release => ({
  hour: NOW,
  regions: ["XX"],
  traveler: false,
  first: NOW,
  last: NOW + HOUR - 1,
  keys: 3,
  ...changes,
});

describe("keys", () => {
  test.each<[string, Partial<Release>, Partial<WatchedExport>, string]>([
    ["that are exported", { first: NOW - HOUR, last: NOW - 1 }, {}, "taken"],
    ["of which one is not", { first: NOW - HOUR, last: NOW }, {}, "coming"],
    ["that are to be exported", {}, {}, "coming"],
    ["of another region", { regions: ["YY"] }, {}, "stranded"],
    ["of one region of several", { regions: ["YY", "XX"] }, {}, "coming"],
    ["before the first window", { first: NOW - 11 * DAY }, {}, "stranded"],
    ["behind the end", {}, { until: NOW, endedAt: NOW }, "stranded"],
    [
      "of a traveller",
      { regions: ["YY"], traveler: true },
      { filter: { ...main.filter, travelers: "also" } },
      "coming",
    ],
    [
      "of a traveller who is left out",
      { traveler: true },
      { filter: { ...main.filter, travelers: "never" } },
      "stranded",
    ],
    ["that are excluded", {}, { filter: { ...main.filter, excludeRegions: ["XX"] } }, "stranded"],
    [
      "under a filter that came behind them",
      { regions: ["YY"], first: NOW - HOUR, last: NOW - 1 },
      { filter: { ...main.filter, includeRegions: ["YY"] }, pastFilters: [{ filter: main.filter, until: NOW }] },
      "stranded",
    ],
    [
      "that a filter took which is gone",
      { first: NOW - HOUR, last: NOW - 1 },
      { filter: { ...main.filter, includeRegions: ["YY"] }, pastFilters: [{ filter: main.filter, until: NOW }] },
      "taken",
    ],
    [
      "in a stretch that is exported once more",
      { first: NOW - 12 * DAY, last: NOW - 12 * DAY },
      { stretches: [{ from: NOW - 13 * DAY, thru: NOW, isDone: false }] },
      "coming",
    ],
    [
      "in a stretch that was exported once more",
      { first: NOW - 12 * DAY, last: NOW - 12 * DAY },
      { stretches: [{ from: NOW - 13 * DAY, thru: NOW, isDone: true }] },
      "taken",
    ],
  ])("%s", (_, keys, settings, fate) => {
    expect(fateOf(release(keys), [{ ...main, ...settings }])).toBe(fate);
  });

  test("that one export takes are taken, whatever the others do", () => {
    const anyRelease = fc.record({
      first: fc.integer({ min: NOW - 20 * DAY, max: NOW }),
      regions: fc.constantFrom(["XX"], ["YY"], ["XX", "YY"]),
      traveler: fc.boolean(),
    });
    fc.assert(
      fc.property(anyRelease, ({ first, ...keys }) => {
        const one = release({ ...keys, first, last: first });
        const ended: WatchedExport = { ...main, name: "old", until: NOW - 5 * DAY, endedAt: NOW };
        const fate = fateOf(one, [main]);
        expect(fateOf(one, [ended, main])).toBe(fate);
        expect(fateOf(one, [])).toBe("stranded");
      }),
    );
  });
});

describe("the alarm", () => {
  const alarmOf = (releases: readonly Release[], exports: readonly WatchedExport[]) =>
    judgeReleases(releases, exports, NOW);

  test("is one for each group of regions, with all its keys, and none for what phones need no more", () => {
    const old = release({ regions: ["YY"], first: NOW - 15 * DAY, last: NOW - 14 * DAY });
    const some = [
      release({ regions: ["YY"], keys: 940 }),
      release({ regions: ["YY"], traveler: true }),
      release(),
      old,
    ];
    expect(alarmOf(some, [main])).toMatchObject([
      { kind: "exposures", name: "YY", reason: "watch_keys_unexported", state: "broken", since: NOW },
    ]);
    expect(alarmOf(some, [main])[0]?.detail).toContain("943 accepted keys of region YY");
    expect(alarmOf([old], [main])).toEqual([]);
  });

  test.each<[string, Partial<Release>, readonly WatchedExport[], string]>([
    ["no export", {}, [], "enks export create <name> --location <location> --region XX --backfill 14d"],
    ["all ended before", {}, [{ ...main, until: NOW, endedAt: NOW }], "enks export continue main"],
    [
      "all ended, and began too late",
      { first: NOW - 11 * DAY, last: NOW - 11 * DAY },
      [{ ...main, until: NOW, endedAt: NOW }],
      "enks export create <name> --location client --region XX --backfill 14d",
    ],
    [
      "another region",
      { regions: ["US-OR"] },
      [main],
      "enks export change main --include XX,US-OR && enks export backfill main --from 2026-11-20T00:00:00Z",
    ],
    [
      "keys before the first window",
      { first: NOW - 11 * DAY, last: NOW - 11 * DAY },
      [main],
      "enks export backfill main --from 2026-11-09T00:00:00Z",
    ],
    ["keys behind an end that was set", {}, [{ ...main, until: NOW }], "enks export change main --thru never"],
  ])("has the command: %s", (_, keys, exports, command) => {
    expect(alarmOf([release(keys)], exports)[0]?.remedy).toContain(command);
  });
});
