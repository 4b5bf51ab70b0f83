// An export ends when the keys that run at its end are released and exported, and not at an instant.

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { changeExport, endExportNow, giveUpExport } from "../../src/features/export/manage-configs.ts";
import { readConfig } from "../../src/features/export/queries.ts";
import { lifeOfExport } from "../../src/features/export/settle-end.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE, type ExportWorld, makeExportWorld } from "../support/export-world.ts";
import { makeKeys, START } from "../support/location-world.ts";

const THRU = START + 2 * HOUR;
/** Of today: it runs for ten hours on. */
const RUNNING = { rollingStart: START / 600, rollingPeriod: 72 };
const OVER = START + 12 * HOUR;

describeOnEachDatabase("the end of an export", (open) => {
  /** One with a key that is over and one that runs, both uploaded before its end. */
  async function make(): Promise<ExportWorld> {
    const world = await makeExportWorld(open);
    await world.createExport({ thru: THRU });
    await world.save({ primaries: makeKeys(0, 1) }, START + HOUR);
    await world.save({ primaries: makeKeys(10, 1, RUNNING) }, START + HOUR);
    await world.run(THRU + AGE);
    return world;
  }
  test("waits for a key that runs, and exports it", async () => {
    const world = await make();
    expect(world.follower.keys.size).toBe(1);
    expect(await stateAt(world, THRU + AGE)).toMatchObject({ life: "ending", endingUntil: OVER + 2 * HOUR });
    await world.run(OVER + 2 * HOUR + AGE);
    expect(world.follower.keys.size).toBe(2);
    await world.run(OVER + 2 * HOUR + AGE);
    expect(await stateAt(world, OVER + 3 * HOUR)).toMatchObject({ life: "ended", givenUp: null });
    expect(world.follower.problems).toEqual([]);
  });

  test("is not put off by what is uploaded later", async () => {
    const world = await make();
    await world.save({ primaries: makeKeys(20, 1, { ...RUNNING, rollingPeriod: 144 }) }, THRU + 5 * HOUR);
    for (const hours of [2, 3, 30]) await world.run(OVER + hours * HOUR + AGE);
    expect(await stateAt(world, START + 2 * DAY)).toMatchObject({ life: "ended", exportedUntil: OVER + 2 * HOUR });
    expect(world.follower.keys.size).toBe(2);
  });

  test("comes at once where nothing runs that it would export", async () => {
    const world = await makeExportWorld(open);
    await world.createExport({ thru: THRU });
    await world.save({ regions: ["YY"], primaries: makeKeys(10, 1, RUNNING) }, START + HOUR);
    await world.run(THRU + AGE);
    expect(await stateAt(world, THRU + AGE)).toMatchObject({ life: "ended" });
  });

  test("stays where it is while it is ending, and can be taken back", async () => {
    const world = await make();
    await endExportNow(world.database, "main", THRU + HOUR);
    await changeExport(world.database, "main", { thru: THRU, minRecords: 0 });
    expect(await stateAt(world, THRU + HOUR)).toMatchObject({
      thru: THRU,
      life: "ending",
      endingUntil: OVER + 2 * HOUR,
    });
    await changeExport(world.database, "main", { thru: null });
    expect(await stateAt(world, THRU + HOUR)).toMatchObject({ life: "following", endingUntil: null });
    await world.run(OVER + 2 * HOUR + AGE);
    expect(world.follower.keys.size).toBe(2);
  });

  test("can be given up with a key left, with a reason, but not before it is ending", async () => {
    const world = await make();
    const giveUp = (now: number) => giveUpExport(world.database, "main", "the nation has them", now);
    await expect(giveUp(THRU - 1)).rejects.toMatchObject({ code: "export_not_ending" });
    await giveUp(THRU + HOUR);
    await world.run(OVER + 2 * HOUR + AGE);
    expect(world.follower.keys.size).toBe(1);
    expect(await stateAt(world, OVER)).toMatchObject({ life: "ended", givenUp: "the nation has them" });
    await expect(giveUp(OVER)).rejects.toMatchObject({ code: "export_not_ending" });
  });
});

async function stateAt(world: ExportWorld, now: number) {
  const config = await readConfig(world.database.db, "main");
  if (config === undefined) throw new Error("there is no export");
  return { ...config, life: lifeOfExport(config, now) };
}
