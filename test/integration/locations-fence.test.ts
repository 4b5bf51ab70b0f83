// What is published is the truth: restored databases, and indexes that others damage.

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import type { LocationsFeature } from "../../src/features/locations/feature.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import {
  commitNothing,
  type LocationWorld,
  type LocationWorldOptions,
  makeKeys,
  makeLocationWorld,
  makeSupply,
  putForeign,
  START,
  textOf,
} from "../support/location-world.ts";

const INDEX = "client/index.txt";

describeOnEachDatabase("locations: the fence", (open) => {
  const make = (options: LocationWorldOptions = {}) => makeLocationWorld(open, options);

  /** The same program on a database that saw only the first `archives` of what the world published. */
  async function restoreOlder(world: LocationWorld, archives: number): Promise<LocationsFeature> {
    const older = await make({ signingKeys: world.signingKeys });
    for (let at = 0; at < archives; at++) {
      await older.append({ primaries: makeKeys(at * 10, 10) }, START + at * HOUR);
    }
    return world.anotherFeature({ database: older.database });
  }

  test("a database restored from an older state adopts what went on without it, and repeats neither names nor keys", async () => {
    const world = await make();
    await publishHours(world, 5);
    const restored = await restoreOlder(world, 2);
    const again = makeSupply({ primaries: makeKeys(30, 20) }, START + 4 * HOUR); // ten of them published by the lost state
    const { remaining } = await restored.append("client", again, START + 6 * HOUR, commitNothing);
    expect(remaining).toMatchObject({ leftOut: 20 });
    await restored.append(
      "client",
      makeSupply({ primaries: makeKeys(50, 10) }, START + 2 * HOUR),
      START + 6 * HOUR,
      commitNothing,
    );
    await restored.publish("client", START + 6 * HOUR);
    await world.follower.check();
    expect(world.follower.problems).toEqual([]);
    expect(world.follower.lines).toHaveLength(6);
    expect(world.follower.keys.size).toBe(60);
  });

  test("a database restored from before the last expiry follows the index in that too", async () => {
    const world = await make();
    await publishHours(world, 3);
    const later = START + 14 * DAY + HOUR;
    await world.append({ primaries: makeKeys(90, 1) }, later);
    await world.feature.publish("client", later);
    await world.follower.check();
    expect(world.follower.lines).toHaveLength(2);
    const restored = await restoreOlder(world, 3);
    await restored.publish("client", later);
    await restored.append("client", makeSupply({ primaries: makeKeys(91, 1) }, later), later, commitNothing);
    await restored.publish("client", later);
    await world.follower.check();
    expect(world.follower.problems).toEqual([]);
    expect(world.follower.lines).toHaveLength(3);
  });

  test.each([
    ["missing", null],
    ["empty", ""],
  ])("an index that is %s is healed", async (_, text) => {
    const world = await make();
    await publishHours(world, 3);
    await replaceIndex(world, text);
    await world.feature.publish("client", START + 3 * HOUR);
    expect((await world.follower.check()).problems).toEqual([]);
    expect(world.follower.lines).toHaveLength(3);
  });

  test("an index that lost its last lines is healed by extension", async () => {
    const world = await make();
    await publishHours(world, 4);
    await replaceIndex(world, world.follower.lines.slice(0, 2).join("\n"));
    await world.feature.publish("client", START + 4 * HOUR);
    expect((await world.follower.check()).problems).toEqual([]);
    expect(world.follower.lines).toHaveLength(4);
  });

  test("an index without a line in its middle is refused, and all goes on once it is back", async () => {
    const world = await make();
    await publishHours(world, 3);
    const lines = world.follower.lines;
    const damaged = `${lines[0]}\n${lines[2]}`;
    await replaceIndex(world, damaged);
    const refused = { code: "location_fence_broken" };
    await expect(world.feature.publish("client", START + 4 * HOUR)).rejects.toMatchObject(refused);
    await expect(world.append({ primaries: makeKeys(90, 1) }, START + 4 * HOUR)).rejects.toMatchObject(refused);
    expect(await textOf(world.blobs, INDEX)).toBe(damaged);
    await replaceIndex(world, lines.join("\n"));
    await world.append({ primaries: makeKeys(90, 1) }, START + 4 * HOUR);
    await world.feature.publish("client", START + 4 * HOUR);
    expect((await world.follower.check()).problems).toEqual([]);
    expect(world.follower.lines).toHaveLength(4);
  });

  test("another program that writes its own lines again does not take ours away: both wait for the operator", async () => {
    const world = await make();
    await publishHours(world, 3);
    const foreign = [...world.follower.lines.slice(0, 2), `${START + 9 * HOUR}-${START + 10 * HOUR}-00001.zip`];
    const bytes = (await world.blobs.get(`client/${foreign[0]}`))?.bytes ?? new Uint8Array();
    await putForeign(world.blobs, `client/${foreign[2]}`, bytes);
    await replaceIndex(world, foreign.join("\n"));
    const totals = await world.feature.totals("client");
    await expect(world.feature.publish("client", START + 3 * HOUR)).rejects.toMatchObject({
      code: "location_fence_broken",
    });
    expect(await world.feature.totals("client")).toEqual(totals);
    await replaceIndex(world, world.follower.lines.join("\n"));
    await world.feature.publish("client", START + 3 * HOUR);
    expect((await world.follower.check()).problems).toEqual([]);
  });

  test("a listed archive that cannot be adopted stops the writer by its name", async () => {
    const world = await make();
    await publishHours(world, 1);
    await replaceIndex(world, `${world.follower.lines[0]}\nunknown.zip`);
    const attempt = world.append({ primaries: makeKeys(90, 1) }, START + HOUR);
    await expect(attempt).rejects.toMatchObject({ code: "location_adoption_failed" });
    await expect(attempt).rejects.toThrow(/unknown\.zip/);
  });
});

async function publishHours(world: LocationWorld, hours: number): Promise<void> {
  for (let at = 0; at < hours; at++) {
    await world.append({ primaries: makeKeys(at * 10, 10) }, START + at * HOUR);
    await world.feature.publish("client", START + at * HOUR);
    await world.follower.check();
  }
}

async function replaceIndex(world: LocationWorld, text: string | null): Promise<void> {
  if (text === null) await world.blobs.delete(INDEX);
  else await putForeign(world.blobs, INDEX, text);
}
