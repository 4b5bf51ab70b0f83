// A source whose settings change while a run of the import is under way: nothing that the old place said outlives it.

import { afterEach, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import type { WorldOptions } from "../support/import-world.ts";
import { buildSample, sampleKeys } from "../support/sample-archives.ts";
import { type SourceApi, startSourceApi } from "../support/source-api.ts";

/** Both places number the versions of their files. */
const ETAG = '"1"';

describeOnEachDatabase("a source that changes while it is imported", (open) => {
  let api: SourceApi;
  afterEach(() => api.close());

  const start = async (options: WorldOptions = {}) => {
    api = await startSourceApi(open, options);
  };
  const move = async () => {
    expect((await api.change({ baseUrl: `${api.world.server.url}/elsewhere` })).status).toBe(200);
  };
  const archiveOf = (keys: number) =>
    buildSample([api.world.signer], { primaries: sampleKeys(keys), revised: KeyBatch.empty });
  const importNow = () => api.world.feature.importArchives(api.world.source, api.world.clock.now());
  /** Runs the import; `interfere` happens while the old place is asked for the archive. */
  const importWhile = async (interfere: () => Promise<unknown>) => {
    const gate = Promise.withResolvers<void>();
    api.world.serve("a.zip", { ...api.world.server.get("/state/a.zip"), after: gate.promise });
    const asked = api.world.server.nextRequest("/state/a.zip");
    const run = importNow();
    await asked;
    await interfere();
    gate.resolve();
    await run;
  };
  const discover = async () => {
    api.world.list("a.zip");
    await api.world.feature.discoverArchives(api.world.source, api.world.clock.now());
  };

  test("is asked for other bytes at its new place, whatever the old one said about changes of what was saved", async () => {
    await start();
    api.world.serve("a.zip", { etag: ETAG, body: await archiveOf(2) });
    api.world.server.put("/elsewhere/a.zip", { etag: ETAG, body: await archiveOf(5) });
    await discover();
    await importWhile(move);
    expect((await api.files()).items).toMatchObject([{ state: "complete", keyCount: 2 }]);
    api.world.clock.advance(2 * DAY);
    await api.runJobs();
    expect((await api.files()).items).toMatchObject([{ state: "complete", keyCount: 5 }]);
  });

  test("nor what it said of an archive that was looked at again", async () => {
    await start();
    const body = await archiveOf(2);
    api.world.serve("a.zip", { etag: '"0"', body });
    await discover();
    await importNow();
    api.world.clock.advance(2 * DAY);
    api.world.serve("a.zip", { etag: ETAG, body });
    api.world.server.put("/elsewhere/a.zip", { etag: ETAG, body: await archiveOf(5) });
    await importWhile(move);
    await api.runJobs();
    expect((await api.files()).items).toMatchObject([{ state: "complete", keyCount: 5 }]);
  });

  test("nor how often what it gave was damaged", async () => {
    await start();
    api.world.serve("a.zip", { etag: ETAG, body: "no archive" });
    await discover();
    await importNow();
    api.world.clock.advance(HOUR);
    await importNow();
    api.world.clock.advance(HOUR);
    await importWhile(move);
    // The third failure, which would be the last, was not the new place's.
    expect((await api.show()).files).toMatchObject({ waiting: 1, quarantined: 0, skipped: 0 });
    api.world.server.put("/elsewhere/a.zip", { etag: ETAG, body: await archiveOf(5) });
    api.world.clock.advance(HOUR);
    await api.runJobs();
    expect((await api.files()).items).toMatchObject([{ state: "complete", keyCount: 5 }]);
  });

  test("and is missing at its old place has not been missing at the new one", async () => {
    await start();
    await discover();
    api.world.serve("a.zip", { status: 404 });
    for (let attempt = 0; attempt < 5; attempt++) {
      await importNow();
      api.world.clock.advance(HOUR);
    }
    await importWhile(move);
    expect((await api.show()).files).toMatchObject({ waiting: 1, quarantined: 0, skipped: 0 });
    api.world.server.put("/elsewhere/a.zip", { body: await archiveOf(5) });
    api.world.clock.advance(HOUR);
    await api.runJobs();
    expect((await api.show()).files).toEqual({ waiting: 0, complete: 1, quarantined: 0, skipped: 0 });
  });

  test("has no check of its old index, not even one that begins after the change", async () => {
    await start();
    api.world.server.put("/state/index.txt", { etag: ETAG, body: "old.zip" });
    api.world.server.put("/elsewhere/index.txt", { etag: ETAG, body: "new.zip" });
    await api.change({ indexUrl: `${api.world.server.url}/elsewhere/index.txt` });
    const late = await api.world.feature.discoverArchives(api.world.source, api.world.clock.now());
    expect(late.outcome).toBe("overtaken");
    await api.runJobs();
    expect((await api.files()).items.map(({ line }) => line)).toEqual(["new.zip"]);
  });

  test("gives the keys that are saved afterwards the mark of travellers that it has by then", async () => {
    await start();
    api.world.serve("a.zip", { body: await archiveOf(2) });
    await discover();
    await importWhile(() => api.change({ traveler: true }));
    const found = await api.world.database.execute("select distinct traveler from exposure", []);
    expect(found).toEqual([{ traveler: true }]);
  });

  test("opens what failed for want of a trust that was given back in the meantime", async () => {
    await start({ trust: false });
    const { body: trusted } = await api.trust();
    await api.endTrust(trusted.id, "2020-01-01T00:00:00Z");
    api.world.serve("a.zip", { body: await archiveOf(2) });
    await discover();
    for (let attempt = 0; attempt < 2; attempt++) {
      await importNow();
      api.world.clock.advance(HOUR);
    }
    const { source, clock, database } = api.world;
    const late = api.world.anotherFeature({
      // After the archive was judged, before its third failure is written down.
      database: beforeTransaction(database, 2, () => api.endTrust(trusted.id, null)),
    });
    await late.importArchives(source, clock.now());
    expect((await api.show()).files.complete).toBe(0);
    for (let run = 0; run < 2; run++) {
      clock.advance(HOUR);
      await importNow();
    }
    expect((await api.show()).files).toEqual({ waiting: 0, complete: 1, quarantined: 0, skipped: 0 });
  });
});

/** Right before transaction number `number`, from 0, `interfere` happens. */
function beforeTransaction(database: Database, number: number, interfere: () => Promise<unknown>): Database {
  let begun = 0;
  return {
    ...database,
    async transaction(work) {
      if (begun++ === number) await interfere();
      return database.transaction(work);
    },
  };
}
