// Lines and archives that leave a published tree, in the order that no phone notices.

import { expect, test } from "vitest";
import { DAY } from "../../src/core/clock.ts";
import type { BlobStore } from "../../src/platform/blobs/blob-store.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import {
  type LocationWorld,
  type LocationWorldOptions,
  makeKeys,
  makeLocationWorld,
  runDeletions,
  START,
} from "../support/location-world.ts";

describeOnEachDatabase("locations: expiry", (open) => {
  const make = (options: LocationWorldOptions = {}) => makeLocationWorld(open, options);

  test("I5: takes the line first and the archive only after the grace", async () => {
    const world = await make({ location: { graceSeconds: 2 * DAY } });
    await fill(world, 3);
    await world.follower.check();
    const expiry = START + 14 * DAY;
    await runDeletions(world.feature, expiry);
    expect(await archiveObjects(world)).toBe(3);
    await world.feature.publish("client", expiry);
    expect((await world.follower.check()).lines).toHaveLength(2);
    await runDeletions(world.feature, expiry + 2 * DAY - 1);
    expect(await archiveObjects(world)).toBe(3);
    await runDeletions(world.feature, expiry + 2 * DAY);
    expect(await archiveObjects(world)).toBe(2);
    expect(world.follower.problems).toEqual([]);
  });

  test("I4, E14: happens without any supplier, and never empties the index", async () => {
    const world = await make();
    await fill(world, 3);
    for (const days of [100, 103, 200]) {
      for (const job of world.feature.jobs) await job.run(START + days * DAY);
    }
    expect((await world.follower.check()).lines).toHaveLength(1);
    expect(await archiveObjects(world)).toBe(1);
    expect(world.follower.problems).toEqual([]);
  });

  test("E13: one archive that cannot be deleted does not keep the others", async () => {
    const world = await make();
    await fill(world, 4);
    const [first] = (await world.blobs.list("client/")).filter((name) => name.endsWith(".zip"));
    const blobs: BlobStore = {
      ...world.blobs,
      delete: (name) => (name === first ? Promise.reject(new Error("denied")) : world.blobs.delete(name)),
    };
    const feature = world.anotherFeature({ blobs });
    await feature.publish("client", START + 100 * DAY);
    await runDeletions(feature, START + 110 * DAY);
    expect(await archiveObjects(world)).toBe(2);
    expect(world.events.filter(({ event }) => event === "location.deletion-failed")).toHaveLength(1);
    await runDeletions(world.feature, START + 110 * DAY);
    expect(await archiveObjects(world)).toBe(1);
  });

  test("I20: a short retention forgets nothing that could come again", async () => {
    const world = await make({ location: { retentionSeconds: DAY, graceSeconds: 3_600 } });
    await fill(world, 2);
    for (let day = 1; day <= 8; day++) {
      await world.feature.publish("client", START + day * DAY);
      await runDeletions(world.feature, START + day * DAY);
    }
    const { remaining } = await world.append({ primaries: makeKeys(0, 1) }, START + 8 * DAY);
    expect(remaining).toMatchObject({ leftOut: 1 });
  });

  test("I20: what an expired archive published is still remembered", async () => {
    const world = await make();
    await fill(world, 2);
    await world.feature.publish("client", START + 20 * DAY);
    await runDeletions(world.feature, START + 25 * DAY);
    const { remaining } = await world.append({ primaries: makeKeys(0, 1) }, START + 25 * DAY);
    expect(remaining).toMatchObject({ leftOut: 1 });
  });
});

/** An archive each day for `days` days, published the same day. */
async function fill(world: LocationWorld, days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    await world.append({ primaries: makeKeys(day, 1) }, START + day * DAY);
    await world.feature.publish("client", START + day * DAY);
  }
}

async function archiveObjects(world: LocationWorld): Promise<number> {
  return (await world.blobs.list("client/")).filter((name) => name.endsWith(".zip")).length;
}
