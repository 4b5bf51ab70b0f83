// Archives that were discovered and judged by a wrong clock are judged again once it is right.

import { sql } from "kysely";
import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { type ImportWorld, makeImportWorld, NOW } from "../support/import-world.ts";
import { sampleKeys } from "../support/sample-archives.ts";

const putBack = (world: ImportWorld, changes: { isAfterDoubt?: boolean; wrongSince?: number | null } = {}) =>
  world.database.transaction((tx) =>
    world.feature.ahead.putBack(tx, {
      now: world.clock.now(),
      isAfterDoubt: false,
      isProven: true,
      wrongSince: null,
      toldUntil: null,
      ...changes,
    }),
  );

describeOnEachDatabase("an import whose clock was wrong", (open) => {
  async function make(): Promise<ImportWorld> {
    const world = await makeImportWorld(open);
    await world.publish("1.zip", { primaries: sampleKeys(4) });
    world.list("1.zip");
    return world;
  }

  test("ahead takes what it refused for its age after all", async () => {
    await using world = closing(await make());
    world.clock.jump(NOW + 20 * DAY);
    await world.run();
    expect((await world.status()).archives).toMatchObject({ complete: 1 });
    expect((await world.importedKeys()).size).toBe(0);

    world.clock.jump(NOW);
    await world.run();
    expect((await world.importedKeys()).size).toBe(0);
    expect(await putBack(world)).toMatchObject({ reopenedArchives: 1, discoveredArchives: 1 });
    await world.run();
    expect((await world.importedKeys()).size).toBe(4);
    expect(await putBack(world)).toMatchObject({ reopenedArchives: 0, discoveredArchives: 0, waitingArchives: 0 });
  });

  test("ahead judges by when the source was last seen by the right clock, not by when it was put right", async () => {
    await using world = closing(await make());
    await world.run();
    // The keys are nearly too old when they are listed, and too old when the clock is right again.
    const lately = NOW + 9 * DAY;
    world.clock.jump(lately);
    await world.publish("2.zip", { primaries: sampleKeys(2) });
    world.list("1.zip", "2.zip");
    await world.run();
    await world.publish("3.zip", { primaries: sampleKeys(8) });
    world.list("1.zip", "2.zip", "3.zip");
    world.clock.jump(lately + 20 * DAY);
    await world.run();
    expect((await world.importedKeys()).size).toBe(4);
    world.clock.jump(lately + 3 * DAY);
    expect(await putBack(world)).toMatchObject({ reopenedArchives: 1 });
    await world.run();
    expect((await world.importedKeys()).size).toBe(8);
  });

  test("unnoticed, by six days, judges again what came since an instant that an operator names", async () => {
    await using world = closing(await make());
    const truth = NOW + 9 * DAY;
    world.clock.jump(truth + 6 * DAY);
    await world.run();
    expect((await world.importedKeys()).size).toBe(0);
    world.clock.jump(truth + 7 * DAY);
    expect(await putBack(world, { isAfterDoubt: true })).toMatchObject({ reopenedArchives: 0 });
    expect(await putBack(world, { wrongSince: truth - HOUR })).toMatchObject({ reopenedArchives: 1 });
    await world.run();
    expect((await world.importedKeys()).size).toBe(4);
  });

  test("behind takes what it refused as keys of the future", async () => {
    await using world = closing(await make());
    world.clock.jump(NOW - 20 * DAY);
    await world.run();
    expect((await world.importedKeys()).size).toBe(0);
    world.clock.jump(NOW);
    expect(await putBack(world, { isAfterDoubt: true })).toMatchObject({ reopenedArchives: 1 });
    await world.run();
    expect((await world.importedKeys()).size).toBe(4);
  });

  test("ahead makes what waits due, and gives what was put aside another chance", async () => {
    await using world = closing(await make());
    world.list("1.zip", "gone.zip", "bad.zip");
    world.serve("bad.zip", new Uint8Array([1, 2, 3]));
    world.clock.jump(NOW + 20 * DAY);
    await world.run();
    for (let hour = 0; hour < 4; hour++) {
      world.clock.advance(HOUR);
      await world.run();
    }
    expect(await world.status()).toMatchObject({ archives: { quarantined: 1 } });
    await world.database.execute(
      `update import_archive set state = 'leased', next_attempt_at = null, lease_until = ${NOW + 20 * DAY} where line = 'gone.zip'`,
      [],
    );
    world.clock.jump(NOW);
    expect(await putBack(world)).toMatchObject({ waitingArchives: 1 });
    await world.publish("gone.zip", { primaries: sampleKeys(5) });
    await world.publish("bad.zip", { primaries: sampleKeys(6) });
    await world.run();
    await world.runHours(3);
    expect((await world.importedKeys()).size).toBe(6);
    const { rows } = await sql<{ ahead: number }>`
      select count(*) as ahead from import_archive where greatest(discovered_at, next_attempt_at, lease_until,
        quarantined_at, last_checked_at, completed_at) > ${world.clock.now()}`.execute(world.database.db);
    expect(rows).toEqual([{ ahead: 0 }]);
  });
});

function closing(world: ImportWorld): ImportWorld & AsyncDisposable {
  return { ...world, [Symbol.asyncDispose]: () => world.close() };
}
