// A mirror beside the location's own exporter, beside a second worker, and when its process dies.

import { afterEach, expect, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { forEachFault, untilItDies } from "../support/faults.ts";
import { namesOf } from "../support/index-follower.ts";
import { makeKeys, START } from "../support/location-world.ts";
import { type MirrorWorld, type MirrorWorldOptions, makeMirrorWorld } from "../support/mirror-world.ts";
import { FAULT_STEP } from "../support/test-size.ts";

const worlds: MirrorWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

describeOnEachDatabase("a mirror that is not alone", (open) => {
  const make = async (options: MirrorWorldOptions = {}) => {
    const world = await makeMirrorWorld(open, options);
    worlds.push(world);
    return world;
  };

  test("the exporter and the mirror feed one location in turn: rising names, each key once as a primary", async () => {
    const world = await make();
    const lines: string[] = [];
    for (let hour = 1; hour <= 8; hour++) {
      const now = START + hour * HOUR;
      // The state's own keys come out at once, and come again from the nation an hour later with keys of others.
      await world.append({ primaries: makeKeys(hour * 10, 5) }, now);
      await world.feature.publish("client", now);
      await world.follower.check();
      const revised = makeKeys(hour * 10 - 20, 1, { reportType: ReportType.confirmed });
      await world.publish(`${hour}.zip`, { primaries: makeKeys(hour * 10 - 10, 8), revised, end: now });
      lines.push(`${hour}.zip`);
      world.list(...lines);
      await world.run(now);
      await world.follower.check();
    }
    expect(world.follower.problems).toEqual([]);
    expect(await world.feature.totals("client")).toEqual([
      { supplier: "export:main", archives: 8, primaries: 40, revised: 0 },
      expect.objectContaining({ supplier: "mirror:national", archives: 8 }),
    ]);
    const others = [0, 10, 20, 30, 40, 50, 60, 70].flatMap((first) => namesOf(makeKeys(first, 8)));
    expect([...world.follower.keys.keys()]).toEqual(expect.arrayContaining(others));
    expect(world.follower.keys.get(makeKeys(10, 1).keyHex(0))?.reportType).toBe(ReportType.confirmed);
  });

  test.for(["the history", "single archives"])("two workers at once hand over %s once", async (what) => {
    const world = await make({ settings: { maxRecords: 3 } });
    if (what === "single archives") {
      await world.publish("h.zip", { primaries: makeKeys(0, 1) });
      world.list("h.zip");
      await world.run();
    }
    await publishLines(world, 6);
    world.server.put("/national/index.txt", {
      body: ["h.zip", "0.zip", "1.zip", "2.zip", "3.zip", "4.zip", "5.zip"]
        .slice(what === "the history" ? 1 : 0)
        .join("\n"),
    });
    // Both have made their plan before either goes on.
    const gate = Promise.withResolvers<void>();
    const first = world.server.get("/national/0.zip");
    world.serve("0.zip", { ...first, after: gate.promise });
    const runs: Promise<void>[] = [];
    for (const mirrors of [world.mirrors, world.anotherMirror()]) {
      const asked = world.server.nextRequest("/national/0.zip");
      runs.push(world.run(START, mirrors));
      await asked;
    }
    gate.resolve();
    await Promise.all(runs);
    await world.run();
    await expectAll(world, 7);
    const failures = world.events.filter(({ event }) => event === "mirror.failed");
    expect(failures).toEqual([expect.objectContaining({ level: "info", code: "mirror_overtaken" })]);
    expect((await world.mirrors.totals("national")).primaries).toBe(7);
  });

  test("whatever effect the process dies at, the next run continues: nothing is lost, nothing comes twice", async () => {
    const runs = await forEachFault(async (faults) => {
      const world = await make({ settings: { maxRecords: 4 } });
      const database = faults.database(world.database);
      const locations = world.anotherFeature({ database, blobs: faults.blobs(world.blobs) });
      const dying = world.anotherMirror({ database, locations });
      await publishLines(world, 4);
      await untilItDies(world.run(START, dying));
      await world.follower.check();
      await publishLines(world, 6);
      await untilItDies(world.run(START, dying));
      await world.follower.check();

      await world.run();
      await world.feature.publish("client", START);
      await expectAll(world, 7);
      expect((await world.mirrors.totals("national")).leftOut).toBe(5);
      await world.close();
      await world.database.close();
    }, FAULT_STEP);
    expect(runs * FAULT_STEP).toBeGreaterThanOrEqual(16);
  });
});

/** Serves and lists archives of two keys each, of which neighbours share one. */
async function publishLines(world: MirrorWorld, count: number): Promise<void> {
  for (let at = 0; at < count; at++) await world.publish(`${at}.zip`, { primaries: makeKeys(at, 2) });
  world.list(...Array.from({ length: count }, (_, at) => `${at}.zip`));
}

/** Each of the first `count` keys is held, once as a primary, in the order of the source. */
async function expectAll(world: MirrorWorld, count: number): Promise<void> {
  await world.follower.check();
  expect(world.follower.problems).toEqual([]);
  const seen = world.follower.archives.flatMap(({ primaries }) => namesOf(primaries));
  expect(seen.sort()).toEqual(namesOf(makeKeys(0, count)).sort());
}
