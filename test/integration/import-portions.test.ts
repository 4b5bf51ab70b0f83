// Large archives are saved in several short transactions: nothing is lost, doubled or miscounted by it.

import { afterEach, expect, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { type ImportWorld, makeImportWorld } from "../support/import-world.ts";
import { makeKeys } from "../support/location-world.ts";
import { crashingBeforeCommit } from "../support/transaction-faults.ts";

const { likely, confirmed } = ReportType;

describeOnEachDatabase("import: archives in portions", (open) => {
  let world: ImportWorld;
  afterEach(() => world.close());

  const make = async () => {
    world = await makeImportWorld(open, { settings: { portionKeys: 10 } });
    return world;
  };
  const importNow = (feature = world.feature) => feature.importArchives(world.source, world.clock.now());
  const outcomes = async () => (await world.status()).keys.outcomes;
  const discover = async (...lines: string[]) => {
    world.list(...lines);
    await world.feature.discoverArchives(world.source, world.clock.now());
  };

  test("are complete with the counts of one that is saved at once, revisions behind their originals", async () => {
    await make();
    await world.publish("a.zip", {
      primaries: makeKeys(0, 35, { reportType: likely }),
      revised: makeKeys(20, 25, { reportType: confirmed }),
    });
    await world.publish("b.zip", { primaries: makeKeys(35, 12, { reportType: likely }) });
    await world.publish("c.zip", { primaries: makeKeys(100, 3) });
    await discover("a.zip", "b.zip", "c.zip");
    expect(await importNow()).toEqual({ completed: 3, retried: 0, quarantined: 0, isCutShort: false });
    expect(await outcomes()).toEqual({ inserted: 50, revised: 15, awaiting: 10 });
    const keys = [...(await world.importedKeys()).values()];
    expect(keys).toHaveLength(50);
    // Twenty-five of its keys were revised, ten of which came later.
    expect(keys.filter(({ reportType }) => reportType === confirmed).length).toBeGreaterThanOrEqual(25);
  });

  test("leave what was committed when one fails, and the next attempt completes them with every key counted", async () => {
    await make();
    await world.publish("a.zip", { primaries: makeKeys(0, 45) });
    await discover("a.zip");
    // Behind that which looks for new trusted keys, and the lease.
    const failing = world.anotherFeature({ database: crashingBeforeCommit(world.database, 3, 1) });
    expect(await importNow(failing)).toMatchObject({ completed: 0, retried: 1 });
    expect((await world.importedKeys()).size).toBe(10);
    world.clock.advance(HOUR);
    await importNow();
    expect((await world.importedKeys()).size).toBe(45);
    expect(await outcomes()).toEqual({ unchanged: 10, inserted: 35 });
  });

  test("end where the lease is lost, and whoever has it completes them", async () => {
    await make();
    await world.publish("a.zip", { primaries: makeKeys(0, 45) });
    await discover("a.zip");
    let begun = 0;
    // Between the first portion and the second.
    const transaction: Database["transaction"] = async (work) => {
      const result = await world.database.transaction(work);
      if (begun++ === 2) await takeOver(world);
      return result;
    };
    const slow = world.anotherFeature({ database: { ...world.database, transaction } });
    expect((await importNow(slow)).completed).toBe(0);
    expect((await world.importedKeys()).size).toBe(10);
    world.clock.advance(HOUR);
    await importNow();
    expect((await world.importedKeys()).size).toBe(45);
    expect((await world.status()).archives).toMatchObject({ complete: 1 });
  });

  test("whose very bytes are complete under another name are not saved again", async () => {
    await make();
    const bytes = await world.publish("a.zip", { primaries: makeKeys(0, 45) });
    world.serve("b.zip", bytes);
    await discover("a.zip", "b.zip");
    await importNow();
    expect(await outcomes()).toEqual({ inserted: 45, duplicate: 45 });
  });
});

/** Leases again what another importer is at, as when its time is over. */
async function takeOver({ database, clock }: ImportWorld): Promise<void> {
  const until = clock.now() + HOUR;
  await database.execute("update import_archive set lease_token = lease_token + 1, lease_until = $1", [until]);
}
