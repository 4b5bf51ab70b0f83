// What exports publish: which keys, in which windows, archives and lists.

import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE, type ExportWorld, makeExportWorld, runExport } from "../support/export-world.ts";
import { type FollowedArchive, namesOf } from "../support/index-follower.ts";
import { type LocationWorldOptions, makeKey, makeKeys, START, sealFrom } from "../support/location-world.ts";

const { confirmed, likely, revoked } = ReportType;
/** The run after the hour numbered so has closed. */
const after = (hour: number) => START + (hour + 1) * HOUR + AGE;
const during = (hour: number) => START + hour * HOUR + 100;

describeOnEachDatabase("export", (open) => {
  const make = (options: LocationWorldOptions = {}) => makeExportWorld(open, options);

  describe("windows", () => {
    test("carry each key once, in the window of its release, and only once that is over", async () => {
      const world = await make();
      await world.createExport();
      await world.save({ primaries: makeKeys(0, 3) }, during(0));
      await world.run(START + HOUR + AGE - 1);
      expect(world.follower.archives).toEqual([]);
      await world.save({ primaries: makeKeys(3, 2) }, during(1));
      await world.run(after(0));
      await world.run(after(1));
      await world.run(after(1));
      expect(contents(world.follower.archives)).toEqual([
        [keySet(0, 3), []],
        [keySet(3, 2), []],
      ]);
      expect(windows(world.follower.archives)).toEqual([
        [0, 1],
        [1, 2],
      ]);
      expect(world.follower.problems).toEqual([]);
      expect(await world.exporter.totals("main")).toMatchObject({
        archives: 2,
        primaries: 5,
        leftOut: 0,
        generated: 0,
      });
    });

    test("in which nothing happened do not keep an export that begins long ago from its keys", async () => {
      const world = await make();
      await world.createExport({ from: START - 20_000 * DAY, periodSeconds: 1 });
      await world.save({ primaries: makeKeys(0, 3) }, during(0));
      await world.save({ primaries: makeKeys(3, 2) }, during(1));
      await world.run(after(1));
      expect(contents(world.follower.archives)).toEqual([
        [keySet(0, 3), []],
        [keySet(3, 2), []],
      ]);
      expect(world.events.filter(({ event }) => event === "export.window-exported").length).toBeLessThan(200);
      await world.save({ primaries: makeKeys(5, 1) }, during(2));
      await world.run(after(2));
      expect(world.follower.keys.size).toBe(6);
    });

    test("E3: come strictly in order, also when one of them fails", async () => {
      const world = await make();
      await world.createExport();
      for (let hour = 0; hour < 4; hour++) await world.save({ primaries: makeKeys(hour * 10, 2) }, during(hour));
      let appends = 0;
      const failing = world.anotherExporter({
        locations: {
          ...world.feature,
          append: (...args) => {
            if (++appends === 2) throw new Error("the store is gone");
            return world.feature.append(...args);
          },
        },
      });
      await world.run(after(3), failing);
      expect(appends).toBe(2);
      await world.feature.publish("client", after(3));
      expect(windows((await world.follower.check()).archives)).toEqual([[0, 1]]);
      await world.run(after(3));
      expect(windows(world.follower.archives)).toEqual([
        [0, 1],
        [1, 2],
        [2, 3],
        [3, 4],
      ]);
      expect(world.follower.keys.size).toBe(8);
      expect(world.follower.problems).toEqual([]);
    });

    test("E16: end with the last part of a period", async () => {
      const world = await make();
      await world.createExport({ periodSeconds: 4 * HOUR });
      for (let hour = 0; hour < 8; hour++) await world.save({ primaries: makeKeys(hour * 10, 1) }, during(hour));
      await world.run(after(3));
      await world.exporter.end("main", START + 6 * HOUR);
      await world.run(after(7));
      await world.run(after(20));
      expect(windows(world.follower.archives)).toEqual([
        [0, 4],
        [4, 6],
      ]);
      expect(world.follower.keys.size).toBe(6);
      expect(world.events.filter(({ event }) => event === "export.ended")).toHaveLength(1);
      await expect(world.exporter.end("main", START + 30 * HOUR)).rejects.toMatchObject({
        code: "export_settings_invalid",
      });
    });

    test("of an edited period follow on without gap or overlap", async () => {
      const world = await make();
      await world.createExport({ periodSeconds: 2 * HOUR });
      for (let hour = 0; hour < 9; hour++) await world.save({ primaries: makeKeys(hour * 10, 1) }, during(hour));
      await world.run(after(1));
      const edit = (hours: number) =>
        sql`update export_config set period_seconds = ${hours * HOUR}`.execute(world.database.db);
      await edit(4);
      await world.run(after(3));
      await edit(1);
      await world.run(after(5));
      await edit(3);
      await world.run(after(8));
      expect(windows(world.follower.archives)).toEqual([
        [0, 2],
        [2, 4],
        [4, 5],
        [5, 6],
        [6, 9],
      ]);
      expect(world.follower.keys.size).toBe(9);
      expect(world.follower.problems).toEqual([]);
    });

    test("a clock that was ahead is said, and exports go on when it is reached", async () => {
      const world = await make();
      await world.createExport({});
      await world.run(after(20));
      await world.save({ primaries: makeKeys(0, 3) }, during(1));
      await world.run(after(1));
      expect(world.failures()).toContain("export_clock_behind");
      await world.run(after(21));
      expect(world.follower.keys.size).toBe(3);
    });

    test("of the history go into one, when the export begins with a back-fill", async () => {
      const world = await make();
      for (const [at, days] of [20, 13, 9, 2].entries()) {
        await world.save({ primaries: makeKeys(at * 10, 5) }, START + 20 * DAY - days * DAY);
      }
      await world.save({ revised: makeKeys(30, 1, { reportType: confirmed }) }, START + 19 * DAY);
      await world.createExport({ from: START + 20 * DAY, backfillSeconds: 14 * DAY });
      await world.run(START + 20 * DAY + 2 * HOUR);
      expect(world.follower.archives).toHaveLength(1);
      expect(contents(world.follower.archives)[0]?.[0]).toHaveLength(15);
      expect(keyOf(world, 30).reportType).toBe(confirmed);
      await world.save({ primaries: makeKeys(90, 1) }, START + 20 * DAY + 2 * HOUR);
      await world.run(START + 20 * DAY + 4 * HOUR);
      expect(world.follower.keys.size).toBe(16);
      expect(world.follower.problems).toEqual([]);
    });

    test("E7: wait without a seal, in order, and lose nothing", async () => {
      const world = await make({ location: { seal: sealFrom(START + DAY) } });
      await world.createExport();
      for (let hour = 0; hour < 3; hour++) await world.save({ primaries: makeKeys(hour * 10, 2) }, during(hour));
      await world.run(after(2));
      expect(world.failures()).toEqual(["location_no_seal"]);
      expect(await world.blobs.list("")).toEqual([]);
      await world.run(START + DAY);
      expect(world.follower.keys.size).toBe(6);
      expect(windows(world.follower.archives).slice(0, 3)).toEqual([
        [0, 1],
        [1, 2],
        [2, 3],
      ]);
    });
  });

  describe("regions", () => {
    test("E1: of two included and two excluded ones, with the travelers of others", async () => {
      const world = await make();
      const filter = { includeRegions: ["xx", "yy "], excludeRegions: ["Aa", "bb"], travelers: "also" as const };
      await world.createExport({ filter });
      const saved = [
        { regions: ["XX"], traveler: false },
        { regions: ["YY"], traveler: false },
        { regions: ["ZZ"], traveler: false },
        { regions: ["ZZ"], traveler: true },
        { regions: ["XX", "AA"], traveler: false },
        { regions: ["BB"], traveler: true },
      ];
      for (const [at, about] of saved.entries()) await world.save({ ...about, primaries: makeKeys(at, 1) }, during(0));
      await world.run(after(0));
      expect([...world.follower.keys.keys()].sort()).toEqual([...keySet(0, 2), ...keySet(3, 1)].sort());
    });
  });

  describe("archives", () => {
    test("hold at most so many keys of both lists together", async () => {
      const world = await make();
      await world.createExport({ maxRecords: 10 });
      await world.save({ primaries: makeKeys(100, 12, { reportType: likely }) }, during(0));
      await world.run(after(0));
      await world.save({ primaries: makeKeys(0, 25) }, during(1));
      await world.save({ revised: makeKeys(100, 12, { reportType: confirmed }) }, during(1));
      await world.run(after(1));
      const sizes = world.follower.archives.map(({ primaries, revised }) => [primaries.length, revised.length]);
      expect(sizes).toEqual([
        [10, 0],
        [2, 0],
        [10, 0],
        [10, 0],
        [5, 5],
        [0, 7],
      ]);
      expect(world.follower.keys.size).toBe(37);
      expect(world.follower.problems).toEqual([]);
      expect(await world.exporter.totals("main")).toMatchObject({ archives: 6, primaries: 37, revised: 12 });
    });

    test("that are exactly full leave no empty one behind", async () => {
      const world = await make();
      await world.createExport({ maxRecords: 10 });
      await world.save({ primaries: makeKeys(0, 20) }, during(0));
      await world.save({ primaries: makeKeys(50, 1) }, during(1));
      await world.run(after(1));
      expect(world.follower.archives.map(({ primaries }) => primaries.length)).toEqual([10, 10, 1]);
    });
  });

  describe("revised keys", () => {
    test("come with their revised values, in a later archive than their original", async () => {
      const world = await make();
      await world.createExport();
      await world.save({ primaries: makeKeys(1, 3, { reportType: likely }) }, during(0));
      await world.run(after(0));
      const values = { reportType: confirmed, transmissionRisk: 8, daysSinceOnset: null };
      await world.save({ primaries: makeKeys(50, 1), revised: makeKeys(1, 1, values) }, during(1));
      await world.run(after(1));
      expect(contents(world.follower.archives)[1]).toEqual([keySet(50, 1), keySet(1, 1)]);
      expect(keyOf(world, 1)).toEqual({ ...makeKey(1), ...values });
      expect(world.follower.problems).toEqual([]);
    });

    test("before their first publication come once, as primaries with their final values", async () => {
      const world = await make();
      await world.createExport();
      await world.save({ primaries: makeKeys(1, 1, { reportType: likely }) }, during(0));
      await world.save({ revised: makeKeys(1, 1, { reportType: confirmed }) }, during(0));
      await world.save({ primaries: makeKeys(2, 1, { reportType: likely }) }, during(0));
      await world.save({ revised: makeKeys(2, 1, { reportType: confirmed }) }, during(1)); // Window closed, not exported.
      await world.run(after(1));
      expect(contents(world.follower.archives)).toEqual([[keySet(1, 2), []]]);
      expect(keyOf(world, 1).reportType).toBe(confirmed);
      expect(keyOf(world, 2).reportType).toBe(confirmed);
      expect(await world.exporter.totals("main")).toMatchObject({ primaries: 2, revised: 0, leftOut: 1 });
    });

    test("E27: revoked before their first publication come only as revised keys", async () => {
      const world = await make();
      await world.createExport();
      await world.save({ primaries: makeKeys(1, 2, { reportType: likely }) }, during(0));
      await world.save({ revised: makeKeys(1, 1, { reportType: revoked }) }, during(0));
      await world.run(after(0));
      expect(contents(world.follower.archives)).toEqual([[keySet(2, 1), keySet(1, 1)]]);
      expect(keyOf(world, 1).reportType).toBe(revoked);
    });

    test("that were awaited come with their final values when the original arrives", async () => {
      const world = await make();
      await world.createExport();
      await world.save({ revised: makeKeys(1, 1, { reportType: confirmed }) }, during(0));
      await world.run(after(0));
      await world.save({ primaries: makeKeys(1, 1, { reportType: likely }) }, during(1));
      await world.run(after(1));
      expect(contents(world.follower.archives)).toEqual([[keySet(1, 1), []]]);
      expect(keyOf(world, 1).reportType).toBe(confirmed);
    });
  });

  describe("configurations", () => {
    test.each([
      ["a period that does not divide the day", { periodSeconds: 7 * HOUR }, "period_invalid"],
      ["an end before the beginning", { thru: START }, "export_settings_invalid"],
      ["archives of no key", { maxRecords: 0 }, "export_settings_invalid"],
      ["padding beyond the maximum", { minRecords: 900, paddingRange: 101 }, "export_settings_invalid"],
      ["negative padding", { minRecords: -1 }, "export_settings_invalid"],
      ["half a key", { maxRecords: 1.5 }, "export_settings_invalid"],
      [
        "a region both included and excluded",
        { filter: { includeRegions: ["XX"], excludeRegions: ["xx"], travelers: "region" as const } },
        "export_settings_invalid",
      ],
    ])("are refused with %s", async (_, changes, code) => {
      const world = await make();
      await expect(world.createExport(changes)).rejects.toMatchObject({ code });
    });

    test("exist once by name, and end only in what is not exported yet", async () => {
      const world = await make();
      await world.createExport();
      await expect(world.createExport()).rejects.toMatchObject({ code: "export_exists" });
      await expect(world.exporter.end("other", START)).rejects.toMatchObject({ code: "export_unknown" });
      await world.run(after(4));
      await expect(world.exporter.end("main", START + 4 * HOUR)).rejects.toMatchObject({
        code: "export_settings_invalid",
      });
      await world.exporter.end("main", START + 5 * HOUR);
    });

    test("that fail do not stop the others", async () => {
      const world = await make();
      await world.createExport({ name: "broken", location: "nowhere" });
      await world.createExport();
      await world.save({ primaries: makeKeys(0, 3) }, during(0));
      await world.run(after(0));
      expect(world.failures()).toEqual(["location_unknown"]);
      expect(world.follower.keys.size).toBe(3);
    });
  });

  test("two workers at once export each window once", async () => {
    const world = await make();
    await world.createExport({ maxRecords: 5, minRecords: 3 });
    for (let hour = 0; hour < 4; hour++) await world.save({ primaries: makeKeys(hour * 10, 7) }, during(hour));
    const workers = [world.exporter, world.anotherExporter({ locations: world.anotherFeature() })];
    for (const now of [after(1), after(3), after(3), after(3)]) {
      await Promise.all(workers.map((worker) => runExport(worker, now)));
      await world.follower.check();
    }
    const { primaries, generated } = await world.exporter.totals("main");
    expect(primaries).toBe(28);
    expect(world.follower.keys.size).toBe(28 + generated);
    expect(world.follower.problems).toEqual([]);
    for (const code of world.failures()) expect(["export_overtaken", "location_contended"]).toContain(code);
  });
});

function contents(archives: readonly FollowedArchive[]): [string[], string[]][] {
  return archives.map(({ primaries, revised }) => [namesOf(primaries).sort(), namesOf(revised).sort()]);
}

/** In hours from START. */
function windows(archives: readonly FollowedArchive[]): [number, number][] {
  return archives.map(({ header }) => [(header.start - START) / HOUR, (header.end - START) / HOUR]);
}

function keySet(first: number, count: number): string[] {
  return namesOf(makeKeys(first, count)).sort();
}

function keyOf(world: ExportWorld, name: number) {
  const found = world.follower.keys.get(namesOf(KeyBatch.from([makeKey(name)]))[0] ?? "");
  if (found === undefined) throw new Error(`the follower does not have the exposure key ${name}`);
  return { ...found, keyData: Uint8Array.from(found.keyData) };
}
