// Defects of the reference server's mirror in what it deletes and how it publishes (KS 13.5), each as a test.

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import type { BlobStore } from "../../src/platform/blobs/blob-store.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { forEachFault } from "../support/faults.ts";
import { makeKeys, START } from "../support/location-world.ts";
import { type MirrorWorld, makeMirrorWorld } from "../support/mirror-world.ts";
import { FAULT_STEP } from "../support/test-size.ts";

const GRACE = 6 * HOUR;
/** When the first archives have been listed for their time. */
const EXPIRED = START + 2 * DAY;

describeOnEachDatabase("defects of the reference server: mirror", (open) => {
  /** Three archives of the source are published, and a fourth is listed there. */
  const makeFilled = async () => {
    const world = await makeMirrorWorld(open, {
      location: { retentionSeconds: 2 * DAY, graceSeconds: GRACE },
      settings: { maxRecords: 1 },
    });
    for (let at = 0; at < 4; at++) {
      await world.publish(`${at}.zip`, { primaries: makeKeys(at * 10, 2), end: START - DAY + at * HOUR });
    }
    world.list("0.zip", "1.zip", "2.zip");
    await world.run(START);
    await world.follower.check();
    world.list("0.zip", "1.zip", "2.zip", "3.zip");
    return world;
  };

  test("KS M2: whatever effect the process dies at, no index names an archive that is gone", async () => {
    const deaths = await forEachFault(async (faults) => {
      const world = await makeFilled();
      const database = faults.database(world.database);
      const locations = world.anotherFeature({ database, blobs: faults.blobs(world.blobs) });
      const mirrors = world.anotherMirror({ database, locations });
      for (const hours of [0, 7, 14]) {
        // A death is one of the run too.
        await world
          .run(EXPIRED + hours * HOUR, mirrors)
          .catch((error: unknown) => expect(String(error)).toContain("died"));
        for (const job of locations.jobs) await job.run(EXPIRED + hours * HOUR);
        await world.follower.check();
        expect(world.follower.problems).toEqual([]);
      }
      expect(world.follower.archives).toHaveLength(4);
      const there = new Set(await archivesIn(world.blobs));
      const remaining = world.follower.archives.map(({ line }) => line).filter((line) => there.has(line));
      expect(remaining).toEqual([...world.follower.lines]);
      await close(world);
    }, FAULT_STEP);
    expect(deaths * FAULT_STEP).toBeGreaterThan(10);
  });

  test("KS M4: an archive that cannot be deleted changes no line, is not forgotten, and goes later", async () => {
    const world = await makeFilled();
    const denied: BlobStore = { ...world.blobs, delete: () => Promise.reject(new Error("denied")) };
    const locations = world.anotherFeature({ blobs: denied });
    for (const now of [EXPIRED, EXPIRED + GRACE]) {
      await world.run(now, world.anotherMirror({ locations }));
      for (const job of locations.jobs) await job.run(now);
    }
    await world.follower.check();
    expect(world.follower.problems).toEqual([]);
    expect(world.follower.lines).toHaveLength(1);
    expect(await archivesIn(world.blobs)).toHaveLength(4);
    for (const job of world.feature.jobs) await job.run(EXPIRED + GRACE);
    expect(await archivesIn(world.blobs)).toEqual([...world.follower.lines]);
    await close(world);
  });

  test("KS M5: an index that a mirror feeds is asked for anew each time", async () => {
    const world = await makeFilled();
    const headers: string[] = [];
    const locations = world.anotherFeature({
      blobs: {
        ...world.blobs,
        put(name, bytes, options) {
          if (name === "client/index.txt") headers.push(options.cacheControl);
          return world.blobs.put(name, bytes, options);
        },
      },
    });
    await world.run(START + HOUR, world.anotherMirror({ locations }));
    expect(headers).toEqual(["no-cache, max-age=0"]);
    await close(world);
  });
});

async function close(world: MirrorWorld): Promise<void> {
  await world.close();
  await world.database.close();
}

/** Their lines, in the order of their names. */
async function archivesIn(blobs: BlobStore): Promise<string[]> {
  const names = await blobs.list("client/");
  return names.filter((name) => name.endsWith(".zip")).map((name) => name.slice("client/".length));
}
