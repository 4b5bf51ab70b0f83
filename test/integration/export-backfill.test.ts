// Stretches that are exported once more: in parts, with filters that change, by processes that die and by two at once.

import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { readBackfillsOf } from "../../src/features/export/backfill-queries.ts";
import { changeExport, type ExportChange } from "../../src/features/export/manage-configs.ts";
import { readConfig } from "../../src/features/export/queries.ts";
import { requestBackfill } from "../../src/features/export/request-backfill.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE, type ExportWorld, makeExportWorld, runExport } from "../support/export-world.ts";
import { forEachFault } from "../support/faults.ts";
import { namesOf } from "../support/index-follower.ts";
import { makeKeys, START, sealFrom } from "../support/location-world.ts";
import { FAULT_STEP } from "../support/test-size.ts";

const { confirmed, likely, revoked } = ReportType;
const after = (hour: number) => START + (hour + 1) * HOUR + AGE;
const during = (hour: number) => START + hour * HOUR + 100;
const BOTH = { filter: { includeRegions: ["XX", "YY"] } };

const askFor = (world: ExportWorld, fromHour: number, thruHour: number) =>
  requestBackfill(
    world.database,
    "main",
    { from: START + fromHour * HOUR, thru: START + thruHour * HOUR },
    START + thruHour * HOUR,
  );

const change = (world: ExportWorld, changes: ExportChange) => changeExport(world.database, "main", changes);

const backfillsOf = async (world: ExportWorld, name = "main") =>
  readBackfillsOf(world.database.db, (await readConfig(world.database.db, name))?.id ?? 0, 10);

const published = (world: ExportWorld) =>
  world.follower.archives.map(({ primaries, revised }) => [namesOf(primaries).sort(), namesOf(revised).sort()]);

const keySet = (first: number, count: number) => namesOf(makeKeys(first, count)).sort();

describeOnEachDatabase("exporting a stretch once more", (open) => {
  const make = () => makeExportWorld(open);

  describe("treats keys as a window does:", () => {
    test("revised ones go out once with their final values, revoked ones only as revised keys", async () => {
      const world = await make();
      await world.createExport();
      await world.save({ regions: ["YY"], primaries: makeKeys(1, 4, { reportType: likely }) }, during(0));
      await world.save({ revised: makeKeys(1, 1, { reportType: confirmed }) }, during(1));
      await world.save({ revised: makeKeys(2, 1, { reportType: revoked }) }, during(1));
      await world.run(after(2));
      expect(world.follower.archives).toEqual([]);
      await change(world, BOTH);
      await askFor(world, 0, 3);
      await world.run(after(3));
      const [one = "", two = "", three = "", four = ""] = [1, 2, 3, 4].flatMap((name) => keySet(name, 1));
      expect(published(world)).toEqual([[[one, three, four].toSorted(), [two]]]);
      expect(world.follower.keys.get(one)?.reportType).toBe(confirmed);
      expect(world.follower.keys.get(two)?.reportType).toBe(revoked);
      expect(world.follower.problems).toEqual([]);
    });

    test("a revision that still waits for its original brings nothing, and comes with it", async () => {
      const world = await make();
      await world.createExport();
      await world.save({ regions: ["YY"], revised: makeKeys(1, 1, { reportType: confirmed }) }, during(0));
      await world.run(after(1));
      await change(world, BOTH);
      await askFor(world, 0, 2);
      await world.run(after(2));
      expect(world.follower.archives).toEqual([]);
      expect(await backfillsOf(world)).toMatchObject([{ archives: 0, completedAt: after(2) }]);
      await world.save({ regions: ["YY"], primaries: makeKeys(1, 1, { reportType: likely }) }, during(4));
      await world.run(after(4));
      expect(published(world)).toEqual([[keySet(1, 1), []]]);
      expect([...world.follower.keys.values()].map(({ reportType }) => reportType)).toEqual([confirmed]);
    });

    test("small archives are padded, and what pads them is neither published twice nor saved as real", async () => {
      const world = await make();
      await world.createExport({ maxRecords: 30, minRecords: 10, paddingRange: 5 });
      await world.save({ regions: ["YY"], primaries: makeKeys(0, 2) }, during(0));
      await world.run(after(1));
      await change(world, BOTH);
      await askFor(world, 0, 1);
      await askFor(world, 0, 1);
      await world.run(after(2));
      expect(world.follower.archives).toHaveLength(1);
      expect(world.follower.keys.size).toBeGreaterThanOrEqual(10);
      const [second, first] = await backfillsOf(world);
      expect(first).toMatchObject({ archives: 1, primaries: 2, generated: world.follower.keys.size - 2 });
      expect(second).toMatchObject({ archives: 0, generated: 0, leftOut: world.follower.keys.size });
    });
  });

  test("goes into archives that rise behind everything published, and windows go on behind them", async () => {
    const world = await make();
    await world.createExport({ maxRecords: 3 });
    for (let hour = 0; hour < 3; hour++) {
      await world.save({ primaries: makeKeys(hour * 10, 2) }, during(hour));
      await world.save({ regions: ["YY"], primaries: makeKeys(100 + hour * 10, 4) }, during(hour));
    }
    await world.run(after(2));
    await change(world, BOTH);
    await askFor(world, 0, 3);
    await world.save({ primaries: makeKeys(50, 1) }, during(3));
    await world.run(after(3));
    await world.save({ primaries: makeKeys(60, 1) }, during(4));
    await world.run(after(4));
    // The follower complains about windows that overlap, about names that fall and about keys that come twice.
    expect(world.follower.problems).toEqual([]);
    expect(world.follower.keys.size).toBe(20);
    expect(await backfillsOf(world)).toMatchObject([{ primaries: 12, leftOut: 6 }]);
  });

  test("is done for an export that has ended, too", async () => {
    const world = await make();
    await world.createExport({ thru: START + 2 * HOUR });
    await world.save({ primaries: earlierKeys(0, 3) }, during(-5));
    await world.run(after(2));
    expect(world.follower.archives).toEqual([]);
    await askFor(world, -6, 2);
    await world.run(after(3));
    expect(world.follower.keys.size).toBe(3);
  });

  test("of one export fails alone, is said, and is tried again", async () => {
    const world = await make();
    for (const name of ["main", "other"]) {
      await world.feature.create({ name, seal: sealFrom(0) }).catch(() => undefined);
      await world.createExport({ name, location: name === "main" ? "client" : name });
    }
    await world.save({ primaries: earlierKeys(0, 3) }, during(-5));
    await world.run(after(1));
    const stretch = { from: START - 6 * HOUR, thru: START };
    for (const name of ["main", "other"]) await requestBackfill(world.database, name, stretch, after(1));
    const failing = world.anotherExporter({
      locations: {
        ...world.feature,
        append: (name, ...rest) => {
          if (name === "client") throw new Error("the store is gone");
          return world.feature.append(name, ...rest);
        },
      },
    });
    await world.run(after(1), failing);
    expect(world.failures()).toEqual(["unexpected"]);
    expect(await backfillsOf(world)).toMatchObject([{ completedAt: null }]);
    expect(await backfillsOf(world, "other")).toMatchObject([{ completedAt: after(1), primaries: 3 }]);
    await world.run(after(1));
    expect(world.follower.keys.size).toBe(3);
  });

  test("begins again when the filter changes before it is complete", async () => {
    const world = await make();
    await world.createExport({ maxRecords: 2 });
    await world.save({ primaries: earlierKeys(0, 4) }, during(-3));
    await world.save({ regions: ["YY"], primaries: earlierKeys(10, 4) }, during(-3));
    await world.run(after(1));
    await askFor(world, -4, 0);
    let appends = 0;
    const interrupted = world.anotherExporter({
      locations: {
        ...world.feature,
        append: async (...args) => {
          if (++appends === 2) await change(world, BOTH);
          return world.feature.append(...args);
        },
      },
    });
    await world.run(after(1), interrupted);
    expect(world.failures()).toEqual(["export_overtaken"]);
    expect(await backfillsOf(world)).toMatchObject([{ restarts: 1, progress: null, archives: 1, completedAt: null }]);
    await world.run(after(1));
    expect(world.follower.keys.size).toBe(8);
    expect(world.follower.problems).toEqual([]);
  });

  test("by two workers at once is done once", async () => {
    const world = await make();
    await world.createExport({ maxRecords: 2 });
    await world.save({ primaries: earlierKeys(0, 7) }, during(-3));
    await world.run(after(1));
    await askFor(world, -4, 0);
    const workers = [world.exporter, world.anotherExporter({ locations: world.anotherFeature() })];
    for (let round = 0; round < 4; round++) {
      await Promise.all(workers.map((worker) => runExport(worker, after(1))));
    }
    await world.follower.check();
    expect(world.follower.problems).toEqual([]);
    expect(world.follower.keys.size).toBe(7);
    expect(await backfillsOf(world)).toMatchObject([{ primaries: 7, leftOut: 0, archives: 4, completedAt: after(1) }]);
    for (const code of world.failures()) expect(["export_overtaken", "location_contended"]).toContain(code);
  });

  test("a process that dies at any effect leaves a stretch that the next run completes", async () => {
    const world = await make();
    let started = 0;
    const runs = await forEachFault(async (faults) => {
      const name = `run-${started}`;
      const day = START + started * 2 * DAY;
      const first = started++ * 100;
      const regions = [name.toUpperCase()];
      const database = faults.database(world.database);
      const locations = world.anotherFeature({ database, blobs: faults.blobs(world.blobs) });
      const dying = world.anotherExporter({ database, locations });
      await world.feature.create({ name, seal: sealFrom(0) });
      await world.createExport({
        name,
        location: name,
        region: name,
        from: day,
        // Ended, so that later runs have nothing to do for it.
        thru: day + HOUR,
        maxRecords: 4,
        filter: ownRegion(name),
      });
      const interval = { rollingStart: (day - 2 * DAY) / 600, reportType: likely };
      await world.save({ regions, primaries: makeKeys(first, 10, interval) }, day - DAY);
      await world.save({ regions, revised: makeKeys(first, 2, { ...interval, reportType: confirmed }) }, day - DAY);
      const now = day + HOUR + AGE;
      await runExport(world.exporter, now);
      await requestBackfill(world.database, name, { from: day - 2 * DAY, thru: day }, now);
      const follower = world.newFollower(name);
      for (let tries = 0; tries < 3; tries++) {
        await runExport(dying, now);
        await follower.check();
      }
      await world.feature.publish(name, now);
      await follower.check();
      expect(follower.problems).toEqual([]);
      expect(follower.keys.size).toBe(10);
      expect(await backfillsOf(world, name)).toMatchObject([{ primaries: 10, revised: 0, leftOut: 0, archives: 3 }]);
    }, FAULT_STEP);
    expect(runs * FAULT_STEP).toBeGreaterThan(12);
  });
});

function ownRegion(name: string) {
  return { includeRegions: [name], excludeRegions: [], travelers: "region" as const };
}

/** That had ended before the day of START. */
function earlierKeys(first: number, count: number) {
  return makeKeys(first, count, { rollingStart: (START - 2 * DAY) / 600 });
}
