// Locations whose process dies at any moment, and two programs at one location.

import { describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { type Faults, forEachFault } from "../support/faults.ts";
import type { IndexFollower } from "../support/index-follower.ts";
import {
  commitNothing,
  type LocationWorld,
  type LocationWorldOptions,
  makeKeys,
  makeLocationWorld,
  makeSupply,
  runDeletions,
  START,
  sealFrom,
  untilDone,
} from "../support/location-world.ts";
import { FAULT_STEP } from "../support/test-size.ts";

describeOnEachDatabase("locations: faults", (open) => {
  const make = (options: LocationWorldOptions = {}) => makeLocationWorld(open, options);

  test("a process that dies at any effect leaves work that the next run completes: nothing lost, nothing doubled", async () => {
    const world = await make();
    let started = 0;
    const runs = await forEachFault(async (faults) => {
      const name = `run-${started++}`;
      const { problems, keys } = await liveThrough(world, name, faults);
      expect(problems).toEqual([]);
      expect(keys.size).toBe(12);
    }, FAULT_STEP);
    expect(runs * FAULT_STEP).toBeGreaterThan(20);
  });

  test("an object that nobody lists and that cannot be deleted is told, and harms nothing", async () => {
    const world = await make();
    const blobs = { ...world.blobs, delete: () => Promise.reject(new Error("denied")) };
    const supply = makeSupply({ primaries: makeKeys(1, 3) }, START);
    const dying = world
      .anotherFeature({ blobs })
      .append("client", supply, START, () => Promise.reject(new Error("gone")));
    await expect(dying).rejects.toThrow("gone");
    const told = world.events.filter(({ event }) => event === "location.deletion-failed");
    expect(told).toEqual([expect.objectContaining({ location: "client", code: "unexpected" })]);
    await world.feature.append("client", supply, START, commitNothing);
    await world.feature.publish("client", START);
    await world.follower.check();
    expect(world.follower.keys.size).toBe(3);
    expect(world.follower.problems).toEqual([]);
  });

  describe("two programs on one database", () => {
    test("append and publish at once: every key once, in rising windows", async () => {
      const world = await make();
      const features = [world.feature, world.anotherFeature()];
      await Promise.all(
        features.map(async (feature, which) => {
          for (let hour = 0; hour < 6; hour++) {
            const now = START + hour * HOUR;
            // Half of the keys of each are the other's as well.
            const keys = { supplier: `export:${which}`, primaries: makeKeys(hour * 30 + which * 10, 20) };
            await untilDone(() => feature.append("client", makeSupply(keys, now), now, commitNothing));
            await untilDone(() => feature.publish("client", now));
            if (which === 0) await world.follower.check();
          }
        }),
      );
      await world.follower.check();
      expect(world.follower.problems).toEqual([]);
      expect(world.follower.keys.size).toBe(180);
      const objects = (await world.blobs.list("client/")).filter((name) => name.endsWith(".zip"));
      expect(objects).toHaveLength(world.follower.lines.length);
    });

    test("begin a location at once", async () => {
      const world = await make();
      const features = [world.feature, world.anotherFeature(), world.anotherFeature()];
      const failures: unknown[] = [];
      await Promise.all(
        features.map(async (feature, at) => {
          try {
            await feature.append("client", makeSupply({ primaries: makeKeys(at, 1) }, START), START, commitNothing);
            await feature.publish("client", START);
          } catch (error) {
            failures.push(error);
          }
        }),
      );
      expect(failures).toEqual([]);
      expect((await world.follower.check()).keys.size).toBe(3);
      expect(world.follower.problems).toEqual([]);
    });
  });
});

/** Four appends and their expiry at a location of its own, each step repeated after a death until it is done. */
async function liveThrough(world: LocationWorld, name: string, faults: Faults): Promise<IndexFollower> {
  await world.feature.create({ name, seal: sealFrom(0) });
  const follower = world.newFollower(name);
  const dying = world.anotherFeature({
    blobs: faults.blobs(world.blobs),
    database: faults.database(world.database),
  });
  for (let at = 0; at < 4; at++) {
    const now = START + at * 8 * DAY;
    const content = makeSupply({ primaries: makeKeys(at * 3, 3) }, now);
    await untilDone(() => dying.append(name, content, now, commitNothing));
    await untilDone(() => dying.publish(name, now));
    await follower.check();
    await runDeletions(dying, now);
    await runDeletions(dying, now + 3 * DAY);
  }
  return follower;
}
