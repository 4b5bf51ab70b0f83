// Exports whose settings change while a window is open or under way: no key of a new filter is missed.

import { expect, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import { changeExport, type ExportChange } from "../../src/features/export/manage-configs.ts";
import { readConfig } from "../../src/features/export/queries.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE, type ExportWorld, makeExportWorld, runExport } from "../support/export-world.ts";
import { makeKeys, START } from "../support/location-world.ts";

const after = (hour: number) => START + (hour + 1) * HOUR + AGE;
const during = (hour: number) => START + hour * HOUR + 100;
const BOTH = { filter: { includeRegions: ["XX", "YY"] } };

const change = (world: ExportWorld, changes: ExportChange) => changeExport(world.database, "main", changes);

describeOnEachDatabase("exports that change", (open) => {
  async function makeWithKeys(): Promise<ExportWorld> {
    const world = await makeExportWorld(open);
    await world.createExport({ maxRecords: 3 });
    await world.save({ primaries: makeKeys(0, 8) }, during(0));
    await world.save({ regions: ["YY"], primaries: makeKeys(100, 8) }, during(0));
    return world;
  }

  test.each([1, 2, 3])("a new filter right before archive %i holds for the whole window", async (at) => {
    const world = await makeWithKeys();
    await runInterrupted(world, at, () => change(world, BOTH));
    expect(world.failures()).toEqual(["export_overtaken"]);
    expect(world.follower.keys.size).toBeLessThan(16);
    await world.run(after(0));
    expect(world.follower.keys.size).toBe(16);
    expect(world.follower.problems).toEqual([]);
  });

  test("a new filter between two runs holds for the whole of the window that was left open", async () => {
    const world = await makeWithKeys();
    await runInterrupted(world, 2, () => Promise.reject(new Error("the process died")));
    expect(await readConfig(world.database.db, "main")).toMatchObject({ openWindow: { end: START + HOUR } });
    await change(world, BOTH);
    await runExport(world.exporter, after(0));
    await world.follower.check();
    expect(world.follower.keys.size).toBe(16);
    expect(world.follower.problems).toEqual([]);
  });

  test("an end that is set while the window is under way holds for that window", async () => {
    const world = await makeWithKeys();
    await world.save({ primaries: makeKeys(50, 2) }, during(1));
    await runInterrupted(world, 1, () => change(world, { thru: START + HOUR / 2 }));
    await world.run(after(3));
    expect(await readConfig(world.database.db, "main")).toMatchObject({
      exportedUntil: START + HOUR / 2,
      endedAt: after(3),
    });
    expect(world.follower.keys.size).toBe(8);
  });

  test("an end before the end of an open window is refused", async () => {
    const world = await makeWithKeys();
    await runInterrupted(world, 2, () => Promise.reject(new Error("the process died")));
    await expect(change(world, { thru: START + HOUR - 1 })).rejects.toMatchObject({ code: "export_settings_invalid" });
    await change(world, { thru: START + HOUR });
  });

  test("other settings let the open window go on where it was", async () => {
    const world = await makeWithKeys();
    await runInterrupted(world, 2, () => Promise.reject(new Error("the process died")));
    const before = await readConfig(world.database.db, "main");
    await change(world, { maxRecords: 100, minRecords: 10, ...BOTH, filter: { includeRegions: ["xx"] } });
    expect(await readConfig(world.database.db, "main")).toMatchObject({ openWindow: before?.openWindow });
    await world.run(after(0));
    expect(await world.exporter.totals("main")).toMatchObject({ archives: 2, primaries: 8, leftOut: 0 });
  });
});

/** Runs once; right before the archive numbered `at`, from 1, `interfere` happens. */
async function runInterrupted(world: ExportWorld, at: number, interfere: () => Promise<void>): Promise<void> {
  let appends = 0;
  const interrupted = world.anotherExporter({
    locations: {
      ...world.feature,
      append: async (...args) => {
        if (++appends === at) await interfere();
        return world.feature.append(...args);
      },
    },
  });
  await world.run(after(0), interrupted);
}
