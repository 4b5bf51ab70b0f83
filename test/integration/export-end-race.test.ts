// The end of an export that is taken back while a run is about to end it: what comes later is exported all the same.

import { expect, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import { changeExport } from "../../src/features/export/manage-configs.ts";
import { readConfig } from "../../src/features/export/queries.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE, makeExportWorld } from "../support/export-world.ts";
import { makeKeys, START } from "../support/location-world.ts";

describeOnEachDatabase("the end of an export", (open) => {
  test("that is taken back after its last window, before it was noted, is none", async () => {
    const world = await makeExportWorld(open);
    await world.createExport({ thru: START + HOUR });
    await world.save({ primaries: makeKeys(0, 3) }, START + 100);
    await world.save({ primaries: makeKeys(50, 2) }, START + 2 * HOUR + 100);
    let takesBack = true;
    const late = world.anotherExporter({
      locations: {
        ...world.feature,
        publish: async (...args) => {
          if (takesBack) await changeExport(world.database, "main", { thru: null });
          takesBack = false;
          return world.feature.publish(...args);
        },
      },
    });
    await world.run(START + HOUR + AGE, late);
    expect(await readConfig(world.database.db, "main")).toMatchObject({ thru: null, endedAt: null });
    await world.run(START + 3 * HOUR + AGE);
    expect(world.follower.keys.size).toBe(5);
    expect(world.events.filter(({ event }) => event === "export.ended")).toEqual([]);
  });
});
