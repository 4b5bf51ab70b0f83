// Small archives that are saved in one transaction: each keeps its own outcome, and none harms another.

import { sql } from "kysely";
import { afterEach, expect, test } from "vitest";
import { MINUTE } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import type { KeyBatch } from "../../src/core/key-batch.ts";
import { DEFAULT_SETTINGS } from "../../src/features/import/import-types.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { type ImportWorld, makeImportWorld, NOW } from "../support/import-world.ts";
import { makeKeys } from "../support/location-world.ts";
import { crashingBeforeCommit } from "../support/transaction-faults.ts";

const LEASE = DEFAULT_SETTINGS.leaseSeconds;
/** The first is saved alone, the others two by two: while two are saved, the next two are fetched. */
const LINES = ["a.zip", "b.zip", "c.zip", "d.zip", "e.zip", "f.zip", "g.zip"];

describeOnEachDatabase("import: archives that are saved together", (open) => {
  let world: ImportWorld;
  afterEach(() => world.close());

  /** Seven archives of five keys each, discovered. */
  const make = async () => {
    world = await makeImportWorld(open);
    for (const [at, line] of LINES.entries()) await world.publish(line, { primaries: keysOf(at) });
    world.list(...LINES);
    await world.feature.discoverArchives(world.source, NOW);
  };
  const importNow = (feature = world.feature) => feature.importArchives(world.source, world.clock.now());
  const outcomes = async () => (await world.status()).keys.outcomes;
  const lines = (event: string) => world.events.filter((one) => one.event === event).map((one) => one["line"]);
  /** Makes the database refuse a key, until `mend`. */
  const refuseKey = async (keyHex: string) => {
    await sql
      .raw(`
        create function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused'; end $$;
        create trigger refusal before insert on exposure for each row
          when (new.key_data = '\\x${keyHex}'::bytea) execute function refuse();`)
      .execute(world.database.db);
    return { mend: () => sql`drop trigger refusal on exposure`.execute(world.database.db) };
  };

  test("are complete, each with its own counts", async () => {
    await make();
    await world.publish("f.zip", { primaries: makeKeys(23, 6, { reportType: ReportType.likely }) });
    expect(await importNow()).toEqual({ completed: 7, retried: 0, quarantined: 0, isCutShort: false });
    const counted = world.events.filter(({ event }) => event === "import.archive-completed");
    expect(counted.map(({ line, inserted, savedCount }) => ({ line, inserted, savedCount }))).toEqual(
      LINES.map((line) => ({
        line,
        ...(line === "f.zip" ? { inserted: 4, savedCount: 4 } : { inserted: 5, savedCount: 5 }),
      })),
    );
    expect(await outcomes()).toEqual({ inserted: 34, unchanged: 2 });
  });

  test("with one that cannot be saved in their middle: it waits, the others are complete", async () => {
    await make();
    const refused = await refuseKey(keysOf(4).keyHex(2));
    expect(await importNow()).toEqual({ completed: 6, retried: 1, quarantined: 0, isCutShort: false });
    expect(lines("import.archive-completed")).toEqual(LINES.filter((line) => line !== "e.zip"));
    expect((await world.status()).waiting).toMatchObject([{ line: "e.zip", state: "retry", reason: "unexpected" }]);
    expect((await world.importedKeys()).size).toBe(30);

    await refused.mend();
    world.clock.advance(MINUTE);
    await importNow();
    expect((await world.status()).archives.complete).toBe(7);
    expect(await outcomes()).toEqual({ inserted: 35 });
  });

  test("with one whose lease was lost: nothing of it is saved, and all of the others", async () => {
    await make();
    const held = Promise.withResolvers<void>();
    world.serve("g.zip", { ...world.server.get("/state/g.zip"), after: held.promise });
    const asked = world.server.nextRequest("/state/g.zip");
    const run = importNow();
    await asked;
    await sql`update import_archive set lease_token = lease_token + 1 where line = 'f.zip'`.execute(world.database.db);
    held.resolve();
    await run;
    expect(lines("import.lease-lost")).toEqual(["f.zip"]);
    expect((await world.status()).archives).toMatchObject({ complete: 6, leased: 1 });
    const imported = await world.importedKeys();
    expect(imported.size).toBe(30);
    expect(imported.has(keysOf(5).keyHex(0))).toBe(false);
  });

  test.each(Array.from({ length: 8 }, (_, index) => index))(
    "and a crash in transaction %i: all are complete after the lease, nothing lost and nothing twice",
    async (transaction) => {
      await make();
      await importNow(world.anotherFeature({ database: crashingBeforeCommit(world.database, transaction) })).catch(
        () => undefined,
      );
      world.clock.advance(LEASE);
      await importNow();
      expect((await world.status()).archives.complete).toBe(7);
      expect(await outcomes()).toEqual({ inserted: 35 });
      expect((await world.importedKeys()).size).toBe(35);
    },
  );

  test("are told from archives with the very same bytes among them", async () => {
    await make();
    const same = await world.publish("d.zip", { primaries: keysOf(3) });
    for (const line of ["e.zip", "g.zip"]) world.serve(line, same);
    await importNow();
    expect((await world.status()).archives.complete).toBe(7);
    expect(await outcomes()).toEqual({ inserted: 25, duplicate: 10 });
    const told = world.events.filter(({ event }) => event === "import.archive-completed");
    expect(told.flatMap(({ line, duplicate }) => (duplicate === 0 ? [] : { line, duplicate }))).toEqual([
      { line: "e.zip", duplicate: 5 },
      { line: "g.zip", duplicate: 5 },
    ]);
  });

  test("meet their revisions as they do one after the other", async () => {
    await make();
    const revised = makeKeys(20, 5, { reportType: ReportType.confirmed });
    // Before the originals in e.zip, and behind those in b.zip.
    await world.publish("d.zip", { primaries: keysOf(3), revised });
    await world.publish("g.zip", { revised: makeKeys(5, 5, { reportType: ReportType.revoked }) });
    await importNow();
    expect(await outcomes()).toEqual({ inserted: 30, awaiting: 5, revised: 5 });
    const types = [...(await world.importedKeys()).values()].map(({ reportType }) => reportType);
    expect(types.filter((type) => type === ReportType.confirmed)).toHaveLength(5);
    expect(types.filter((type) => type === ReportType.revoked)).toHaveLength(5);
  });

  test("what was leased and not begun when the time of a run is over is given back as it was", async () => {
    await make();
    const held = Promise.withResolvers<void>();
    world.serve("b.zip", { ...world.server.get("/state/b.zip"), after: held.promise });
    const asked = world.server.nextRequest("/state/b.zip");
    const run = importNow();
    await asked;
    expect((await world.status()).archives).toMatchObject({ complete: 1, leased: 2 });
    world.clock.advance(DEFAULT_SETTINGS.runSeconds);
    held.resolve();
    await run;
    expect((await world.status()).archives).toMatchObject({ complete: 2, leased: 0, open: 5 });
    expect((await world.status()).waiting.map(({ attempts }) => attempts)).toEqual([0, 0, 0, 0, 0]);
    await importNow();
    expect(await outcomes()).toEqual({ inserted: 35 });
  });

  test("after a failure archives are taken one at a time again", async () => {
    await make();
    world.serve("c.zip", { status: 500 });
    const held = Promise.withResolvers<void>();
    world.serve("d.zip", { ...world.server.get("/state/d.zip"), after: held.promise });
    const asked = world.server.nextRequest("/state/d.zip");
    const run = importNow();
    await asked;
    expect((await world.status()).archives).toMatchObject({ complete: 2, retry: 1, leased: 1, open: 3 });
    held.resolve();
    await run;
    expect((await world.status()).archives).toMatchObject({ complete: 6, retry: 1 });
  });
});

/** The keys of one of the archives. */
function keysOf(at: number): KeyBatch {
  return makeKeys(at * 5, 5, { reportType: ReportType.likely });
}
