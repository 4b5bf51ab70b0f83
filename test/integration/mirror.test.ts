// A mirror by the reseal method: what of a national server's archives comes out at a location.

import { afterEach, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { type ExposureKey, ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeKey, makeKeys, START } from "../support/location-world.ts";
import {
  type MirrorWorld,
  type MirrorWorldOptions,
  makeMirrorWorld,
  primariesOf,
  requestsFor,
  sortedNames,
} from "../support/mirror-world.ts";

const worlds: MirrorWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const confirmed = { reportType: ReportType.confirmed };

describeOnEachDatabase("a resealing mirror", (open) => {
  const make = async (options: MirrorWorldOptions = {}) => {
    const world = await makeMirrorWorld(open, options);
    worlds.push(world);
    return world;
  };
  /** One that has taken `h.zip` as its history. */
  const makeRunning = async (options: MirrorWorldOptions = {}) => {
    const world = await make(options);
    await world.publish("h.zip", { primaries: makeKeys(900, 1) });
    world.list("h.zip");
    await world.run();
    return world;
  };

  test("DB I22: what is listed at the beginning comes as few archives, each source archive whole in one", async () => {
    const world = await make({ settings: { maxRecords: 25 } });
    const archives = [10, 10, 10, 40, 5].map((count, at) => makeKeys(at * 100, count));
    for (const [at, primaries] of archives.entries())
      await world.publish(`${at}.zip`, { primaries, end: START - DAY + at });
    world.list("0.zip", "1.zip", "2.zip", "3.zip", "4.zip");
    await world.run();
    const [a, b, c, d, e] = archives.map((batch) => sortedNames(batch));
    expect(await primariesOf(world)).toEqual([[...(a ?? []), ...(b ?? [])].sort(), c, d, e]);
    expect(world.follower.archives.map(({ header }) => header.region)).toEqual(["XX", "XX", "XX", "XX"]);
    expect(await world.mirrors.totals("national")).toEqual({
      archives: 4,
      skipped: 0,
      primaries: 75,
      revised: 0,
      leftOut: 0,
    });

    await world.publish("5.zip", { primaries: makeKeys(500, 1) });
    await world.publish("6.zip", { primaries: makeKeys(600, 1) });
    world.list("0.zip", "1.zip", "2.zip", "3.zip", "4.zip", "5.zip", "6.zip");
    await world.run();
    expect((await primariesOf(world)).slice(4)).toEqual([sortedNames(makeKeys(500, 1)), sortedNames(makeKeys(600, 1))]);
  });

  test("what the location publishes already is left out, and nothing is padded in its place", async () => {
    const world = await makeRunning();
    await world.append({ primaries: makeKeys(0, 5) }, START);
    await world.publish("a.zip", { primaries: makeKeys(0, 8) });
    world.list("h.zip", "a.zip");
    await world.run();
    expect((await primariesOf(world)).at(-1)).toEqual(sortedNames(makeKeys(5, 3)));
    expect(await world.mirrors.totals("national")).toMatchObject({ primaries: 4, leftOut: 5 });
  });

  test("a source archive of which nothing remains is recorded and makes no archive", async () => {
    const world = await makeRunning();
    await world.append({ primaries: makeKeys(0, 5) }, START);
    await world.publish("a.zip", { primaries: makeKeys(0, 5) });
    await world.publish("empty.zip", {});
    world.list("h.zip", "a.zip", "empty.zip");
    await world.run();
    await world.run();
    expect(await primariesOf(world)).toHaveLength(2);
    expect(await world.mirrors.totals("national")).toMatchObject({ archives: 1, skipped: 2, leftOut: 5 });
    expect(requestsFor(world, "a.zip")).toBe(1);
  });

  test("a history of which nothing remains is recorded, too, and what comes later is no history", async () => {
    const world = await make();
    await world.append({ primaries: makeKeys(0, 5) }, START);
    await world.publish("a.zip", { primaries: makeKeys(0, 5) });
    world.list("a.zip");
    await world.run();
    for (const line of ["b.zip", "c.zip"]) await world.publish(line, { primaries: numbered(line) });
    world.list("a.zip", "b.zip", "c.zip");
    await world.run(START + HOUR);
    await world.feature.publish("client", START + HOUR);
    expect(await primariesOf(world)).toHaveLength(3);
    expect(await world.mirrors.list()).toMatchObject([{ historyDoneAt: START }]);
  });

  test("a primary that stands here with other values becomes a revised key; the phones end with the new values", async () => {
    const world = await makeRunning();
    await world.append({ primaries: makeKeys(0, 2) }, START);
    await world.publish("a.zip", {
      primaries: KeyBatch.from([makeKey(0), { ...makeKey(1), ...confirmed }, makeKey(2)]),
    });
    world.list("h.zip", "a.zip");
    await world.run();
    expect((await primariesOf(world)).at(-1)).toEqual(sortedNames(makeKeys(2, 1)));
    expect(held(world, 1)).toMatchObject(confirmed);
    expect(held(world, 0)?.reportType).toBe(ReportType.likely);
  });

  test("values that the location has revised since do not come back by the slower way", async () => {
    const world = await makeRunning();
    await world.append({ primaries: makeKeys(0, 1) }, START);
    await world.append({ revised: makeKeys(0, 1, confirmed) }, START + HOUR);
    await world.publish("a.zip", { primaries: makeKeys(0, 1) });
    await world.publish("b.zip", { revised: makeKeys(0, 1, confirmed) });
    world.list("h.zip", "a.zip", "b.zip");
    await world.run(START + HOUR);
    expect(await primariesOf(world)).toHaveLength(3);
    expect(held(world, 0)).toMatchObject(confirmed);
  });

  test("in the history a key that the source has revised comes once, with its final values", async () => {
    const world = await make();
    await world.publish("a.zip", { primaries: makeKeys(0, 3) });
    await world.publish("b.zip", { revised: makeKeys(1, 1, confirmed), primaries: makeKeys(5, 1) });
    await world.publish("c.zip", { revised: makeKeys(2, 1, { reportType: ReportType.revoked }) });
    world.list("a.zip", "b.zip", "c.zip");
    await world.run();
    expect(await primariesOf(world)).toEqual([sortedNames(makeKeys(0, 2), makeKeys(5, 1))]);
    expect(held(world, 1)).toMatchObject(confirmed);
    expect(held(world, 2)).toMatchObject({ reportType: ReportType.revoked });
  });

  test("KS M3: equal base names in two folders are two archives", async () => {
    const world = await make();
    await world.publish("north/1.zip", { primaries: makeKeys(0, 2) });
    await world.publish("south/1.zip", { primaries: makeKeys(10, 2) });
    world.list("north/1.zip", "south/1.zip");
    await world.run();
    await world.run();
    expect(await primariesOf(world)).toEqual([sortedNames(makeKeys(0, 2), makeKeys(10, 2))]);
  });
});

/** One key of its own for each line. */
function numbered(line: string): KeyBatch {
  return makeKeys(line.charCodeAt(0), 1);
}

/** The values of key `name` as a phone holds them that took everything. */
function held(world: MirrorWorld, name: number): ExposureKey | undefined {
  return world.follower.keys.get(makeKeys(name, 1).keyHex(0));
}
