// A location that knows by heart what it published: revised keys are told from new ones as primaries are.

import { expect, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeKeys, makeLocationWorld, START } from "../support/location-world.ts";

const { confirmed, likely } = ReportType;

describeOnEachDatabase("what a location has published in the same process", (open) => {
  test("is left out key by key, whether it stands there as a primary or as a revised key", async () => {
    const world = await makeLocationWorld(open);
    const [before, now] = [{ reportType: likely }, { reportType: confirmed }];
    await world.append({ primaries: makeKeys(0, 10, before) }, START + HOUR);
    // Enough for single records to be read of it.
    await world.append({ primaries: makeKeys(10, 200, before), revised: makeKeys(0, 10, now) }, START + 2 * HOUR);
    for (let name = 0; name < 20; name++) {
      const supplies = [
        { revised: makeKeys(name, 1, name < 10 ? now : before) },
        { primaries: makeKeys(name, 1, before) },
      ];
      for (const supply of supplies) {
        const { archive, remaining } = await world.append(supply, START + 3 * HOUR);
        expect([name, archive, remaining.leftOut]).toEqual([name, null, 1]);
      }
    }
    const turned = await world.append({ primaries: makeKeys(20, 3, now) }, START + 3 * HOUR);
    expect(turned.remaining).toMatchObject({ turnedRevised: 3, leftOut: 0 });
    await world.feature.publish("client", START + 3 * HOUR);
    await world.follower.check();
    expect(world.follower.problems).toEqual([]);
    expect(world.follower.keys.size).toBe(210);
  });
});
