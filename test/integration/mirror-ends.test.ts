// A mirror ends when everything that was listed by its end is published, and not at an instant.

import { afterEach, beforeEach, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { lifeOf } from "../../src/core/life.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { START } from "../support/location-world.ts";
import { type MirrorWorld, makeMirrorWorld } from "../support/mirror-world.ts";
import { sampleKeys } from "../support/sample-archives.ts";

const UNTIL = START + HOUR;

describeOnEachDatabase("the end of a mirror", (open) => {
  let world: MirrorWorld;
  beforeEach(async () => {
    world = await makeMirrorWorld(open, { settings: { until: UNTIL } });
    await publish("1-2-00001.zip", 0);
    await publish("3-4-00001.zip", 2);
    world.list("1-2-00001.zip");
    await world.run(START);
    world.list("1-2-00001.zip", "3-4-00001.zip");
  });
  afterEach(() => world.close());

  async function publish(line: string, first: number): Promise<void> {
    await world.publish(line, { primaries: sampleKeys(first + 2).slice(first, first + 2) });
  }

  async function stateAt(now: number) {
    const [overview] = await world.mirrors.status(world.database);
    if (overview === undefined) throw new Error("it is there");
    return { life: lifeOf(overview.mirror, now), taken: overview.totals.taken };
  }

  test("takes what was listed before it, although it comes after", async () => {
    await world.run(UNTIL + HOUR);
    expect(await stateAt(UNTIL + HOUR)).toEqual({ life: "ended", taken: 2 });
  });

  test("waits for a server that is unwell and for an archive that cannot be had", async () => {
    world.server.put("/national/index.txt", { status: 503 });
    await world.run(UNTIL + HOUR);
    expect(await stateAt(UNTIL + HOUR)).toEqual({ life: "ending", taken: 1 });
    world.list("1-2-00001.zip", "3-4-00001.zip");
    world.serve("3-4-00001.zip", { status: 404 });
    await world.run(UNTIL + DAY);
    expect(await stateAt(UNTIL + DAY)).toEqual({ life: "ending", taken: 1 });
    await publish("3-4-00001.zip", 2);
    await world.run(UNTIL + 2 * DAY);
    expect(await stateAt(UNTIL + 2 * DAY)).toEqual({ life: "ended", taken: 2 });
  });

  test("takes nothing more once it has come", async () => {
    await world.run(UNTIL);
    await publish("5-6-00001.zip", 4);
    world.list("1-2-00001.zip", "3-4-00001.zip", "5-6-00001.zip");
    await world.run(UNTIL + DAY);
    expect(await stateAt(UNTIL + DAY)).toEqual({ life: "ended", taken: 2 });
  });
});
