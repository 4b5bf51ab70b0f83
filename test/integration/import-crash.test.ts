// An import that ends at any instruction, or runs twice at once, loses nothing and doubles nothing.

import { afterEach, expect, test } from "vitest";
import { MINUTE } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { type ImportWorld, makeImportWorld, NOW } from "../support/import-world.ts";
import { sampleKeys } from "../support/sample-archives.ts";
import type { ServedObject } from "../support/source-server.ts";
import { crashingBeforeCommit, pausingBeforeCommit, untilBlockedOrDone } from "../support/transaction-faults.ts";

const LEASE = 15 * MINUTE;
/** The numbers of a run's transactions for its first archive; reopening comes before. */
const [LEASING, COMPLETING] = [1, 2];

describeOnEachDatabase("import: crashes and double runs", (open) => {
  let world: ImportWorld;
  afterEach(() => world.close());

  /** A source with two archives, discovered. */
  const make = async () => {
    world = await makeImportWorld(open);
    await world.publish("a.zip", { primaries: sampleKeys(3) });
    await world.publish("b.zip", { primaries: sampleKeys(5) });
    world.list("a.zip", "b.zip");
    await world.feature.discoverArchives(world.source, NOW);
  };
  const importNow = (feature = world.feature) => feature.importArchives(world.source, world.clock.now());
  /** Keeps the next requests for the archive waiting, which then get what was served before, or `answer`. */
  const hold = (line: string, answer?: ServedObject) => {
    const held = Promise.withResolvers<void>();
    world.serve(line, { ...(answer ?? world.server.get(`/state/${line}`)), after: held.promise });
    return { asked: world.server.nextRequest(`/state/${line}`), release: held.resolve };
  };
  const outcomes = async () => (await world.status()).keys.outcomes;

  test("I2: a crash between saving and commit leaves a lease that lapses, and nothing else", async () => {
    await make();
    await expect(
      importNow(world.anotherFeature({ database: crashingBeforeCommit(world.database, COMPLETING) })),
    ).rejects.toThrow("crashed");
    expect(await world.status()).toMatchObject({ archives: { leased: 1, open: 1 }, keys: { outcomes: {} } });
    expect((await world.importedKeys()).size).toBe(0);

    await importNow();
    expect((await world.status()).archives).toMatchObject({ leased: 1, complete: 1 });
    world.clock.advance(LEASE);
    await importNow();
    expect((await world.status()).archives.complete).toBe(2);
    expect(await outcomes()).toEqual({ inserted: 5, unchanged: 3 });
  });

  test.each(Array.from({ length: 5 }, (_, index) => index))(
    "a crash in transaction %i is made good by the next run after the lease",
    async (transaction) => {
      await make();
      await importNow(world.anotherFeature({ database: crashingBeforeCommit(world.database, transaction) })).catch(
        () => undefined,
      );
      world.clock.advance(LEASE);
      await importNow();
      expect((await world.status()).archives.complete).toBe(2);
      expect(Object.values(await outcomes()).reduce((sum, count) => sum + count)).toBe(8);
      expect((await world.importedKeys()).size).toBe(5);
    },
  );

  test("trouble with the database while an archive is saved costs the archive nothing", async () => {
    await make();
    await importNow(world.anotherFeature({ database: crashingBeforeCommit(world.database, COMPLETING, 1) }));
    expect((await world.status()).waiting).toMatchObject([{ line: "a.zip", state: "retry", reason: "unexpected" }]);
    world.clock.advance(MINUTE);
    await importNow();
    expect((await world.status()).archives.complete).toBe(2);
  });

  test("two runs at once fetch and save each archive once", async () => {
    await make();
    await Promise.all([importNow(), importNow(world.anotherFeature()), importNow(world.anotherFeature())]);
    expect((await world.status()).archives.complete).toBe(2);
    expect(await outcomes()).toEqual({ inserted: 5, unchanged: 3 });
    const fetched = world.server.requests.filter((path) => path.endsWith(".zip"));
    expect(fetched.toSorted((a, b) => a.localeCompare(b))).toEqual(["/state/a.zip", "/state/b.zip"]);
  });

  test("an archive that is just being leased is passed over by others", async () => {
    await make();
    const first = pausingBeforeCommit(world.database, LEASING);
    const leasing = importNow(world.anotherFeature({ database: first.database }));
    await first.paused;
    const other = importNow();
    await untilBlockedOrDone(world.database, other);
    first.goOn();
    await Promise.all([leasing, other]);
    const fetched = world.server.requests.filter((path) => path.endsWith(".zip"));
    expect(fetched.toSorted((a, b) => a.localeCompare(b))).toEqual(["/state/a.zip", "/state/b.zip"]);
  });

  test("an original and its revision that are saved at once meet all the same", async () => {
    await make();
    const [original, revision] = [ReportType.likely, ReportType.revoked].map((reportType) =>
      KeyBatch.from(Array.from(sampleKeys(1), (key) => ({ ...key, reportType }))),
    );
    await world.publish("a.zip", { primaries: original ?? KeyBatch.empty });
    await world.publish("b.zip", { revised: revision ?? KeyBatch.empty });
    const [a, b] = [hold("a.zip"), hold("b.zip")];
    const first = pausingBeforeCommit(world.database, COMPLETING);
    const savingOriginal = importNow(world.anotherFeature({ database: first.database }));
    await a.asked;
    const savingRevision = importNow();
    await b.asked;
    a.release();
    await first.paused;
    b.release();
    await untilBlockedOrDone(world.database, savingRevision);
    first.goOn();
    await Promise.all([savingOriginal, savingRevision]);
    const [imported] = (await world.importedKeys()).values();
    expect(imported?.reportType).toBe(ReportType.revoked);
  });

  test("whoever lost a lease saves nothing more", async () => {
    await make();
    const a = hold("a.zip");
    const slow = importNow();
    await a.asked;
    world.clock.advance(LEASE);
    await world.publish("a.zip", { primaries: sampleKeys(3) });
    await importNow(world.anotherFeature());
    expect((await world.status()).archives.complete).toBe(2);
    a.release();
    await slow;
    expect(await outcomes()).toEqual({ inserted: 5, unchanged: 3 });
    expect(world.events).toContainEqual(expect.objectContaining({ event: "import.lease-lost", line: "a.zip" }));
  });

  test("whoever lost a lease cannot undo what the other completed by failing", async () => {
    await make();
    const a = hold("a.zip", { status: 404 });
    const slow = importNow();
    await a.asked;
    world.clock.advance(LEASE);
    await world.publish("a.zip", { primaries: sampleKeys(3) });
    await importNow(world.anotherFeature());
    a.release();
    await slow;
    expect(await world.status()).toMatchObject({ archives: { complete: 2 }, quarantined: [], waiting: [] });
  });
});
