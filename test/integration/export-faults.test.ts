// Exports whose process dies at any moment: the next run continues, nothing is lost and nothing comes twice.

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE, type ExportWorld, makeExportWorld, runExport } from "../support/export-world.ts";
import { type Faults, forEachFault } from "../support/faults.ts";
import { type IndexFollower, namesOf } from "../support/index-follower.ts";
import { makeKeys, START, sealFrom } from "../support/location-world.ts";
import { FAULT_STEP } from "../support/test-size.ts";

describeOnEachDatabase("export: faults", (open) => {
  test("a process that dies at any effect leaves windows that the next run completes", async () => {
    const world = await makeExportWorld(open);
    let started = 0;
    const runs = await forEachFault(async (faults) => {
      const name = `run-${started}`;
      const day = START + started * 2 * DAY;
      const follower = await liveThrough(world, name, day, started++ * 100, faults);
      expect(follower.problems).toEqual([]);
      const { primaries, revised, generated, leftOut } = await world.exporter.totals(name);
      expect({ primaries, revised }).toEqual({ primaries: 14, revised: 3 });
      expect(follower.keys.size).toBe(14 + generated);
      // What pads one archive of a window may be read with the next of it.
      expect(leftOut).toBeLessThanOrEqual(generated);
    }, FAULT_STEP);
    expect(runs * FAULT_STEP).toBeGreaterThan(20);
  });
});

/** Three windows of one export, in two archives each at most, with padding and revisions; keys are named from `first` on. */
async function liveThrough(
  world: ExportWorld,
  name: string,
  day: number,
  first: number,
  faults: Faults,
): Promise<IndexFollower> {
  const database = faults.database(world.database);
  const locations = world.anotherFeature({ database, blobs: faults.blobs(world.blobs) });
  const dying = world.anotherExporter({ database, locations });
  const follower = world.newFollower(name);
  await world.feature.create({ name, seal: sealFrom(0) });
  const filter = { includeRegions: [name.toUpperCase()], excludeRegions: [], travelers: "region" as const };
  const sizes = { maxRecords: 8, minRecords: 4, paddingRange: 2 };
  await world.createExport({ name, location: name, from: day, thru: day + 3 * HOUR, filter, ...sizes });

  const regions = filter.includeRegions;
  const interval = { rollingStart: (day - DAY) / 600, reportType: ReportType.likely };
  const revision = { ...interval, reportType: ReportType.confirmed };
  const contents = [
    { primaries: makeKeys(first, 10, interval) },
    { primaries: makeKeys(first + 20, 3, interval), revised: makeKeys(first, 2, revision) },
    { primaries: makeKeys(first + 30, 1, interval), revised: makeKeys(first + 4, 1, revision) },
  ];
  for (const [hour, content] of contents.entries()) {
    await world.save({ regions, ...content }, day + hour * HOUR);
    for (let tries = 0; tries < 3; tries++) {
      await runExport(dying, day + (hour + 1) * HOUR + AGE);
      await follower.check();
    }
    await world.feature.publish(name, day + (hour + 1) * HOUR + AGE);
    await follower.check();
  }
  expect(keysAsSaved(follower, first)).toEqual([2, 1]);
  return follower;
}

/** How many of the revised keys the follower has with their revised type: of the first revision, of the second. */
function keysAsSaved(follower: IndexFollower, first: number): [number, number] {
  const revisedOf = (from: number, count: number) =>
    namesOf(makeKeys(from, count)).filter((hex) => follower.keys.get(hex)?.reportType === ReportType.confirmed).length;
  return [revisedOf(first, 2), revisedOf(first + 4, 1)];
}
