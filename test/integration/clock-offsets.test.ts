// A server that is started with a wrong clock, and then with a right one: nobody loses a key, a line or a revision by it.
// test/long/clock-offsets.long.test.ts has every offset on both databases.

import { expect, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import { wrongBy } from "../support/clock/clock-machine.ts";
import { UNHARMED, worldOfBlock } from "../support/clock/grown-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

const HOURS = {
  embedded: [-15 * 24, 8 * 24],
  postgres: [-2, 40 * 24],
};

describeOnEachDatabase("a start with a wrong clock", (open) => {
  const { begin, live } = worldOfBlock(open);

  test("of any size costs nothing", async () => {
    const { database } = (await begin()).world;
    for (const hours of HOURS[database.kind]) {
      const lived = await live({ phases: [{ clock: wrongBy(hours * HOUR) }] });
      expect(lived, `${hours} hours ahead`).toEqual(UNHARMED);
    }
  });
});
