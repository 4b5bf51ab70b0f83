// What a location remembers of given keys is the same whether it is read anew, known already, or only partly.

import { sql } from "kysely";
import { expect, test } from "vitest";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { sortByKeyData } from "../../src/core/sort-keys.ts";
import { locationsMigrations } from "../../src/features/locations/feature.ts";
import { filterContent } from "../../src/features/locations/filter-content.ts";
import { createPublishedMemory, type PublishedMemory } from "../../src/features/locations/published-memory.ts";
import { insertArchive, insertLocation } from "../../src/features/locations/queries.ts";
import type { Database } from "../../src/platform/database/database.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeKeys } from "../support/location-world.ts";

describeOnEachDatabase("the memory of a location", (open) => {
  /** A location whose archives hold a hundred keys each: 0 to 99, 100 to 199, and so on. */
  const make = async (archives: number) => {
    const database = await open([locationsMigrations]);
    const times = { retentionSeconds: 1, graceSeconds: 1 };
    const names = { name: "main", indexObject: "main/index.txt", basePrefix: "main/", linePrefix: "" };
    const id = (await insertLocation(database.db, { ...names, ...times })) ?? 0;
    for (let seq = 1; seq <= archives; seq++) await remember(database, id, seq, makeKeys((seq - 1) * 100, 100));
    return { database, id };
  };
  const few = KeyBatch.concat([makeKeys(98, 4), makeKeys(1_000, 2)]);

  test("is read in whole the first time, and then only what may be of the keys", async () => {
    const location = await make(3);
    const memory = createPublishedMemory();
    expect(await filter(memory, location, few)).toEqual({ remaining: 2, leftOut: 4, read: 300 });
    expect(await filter(memory, location, few)).toEqual({ remaining: 2, leftOut: 4, read: 4 });
    expect(await filter(memory, location, makeKeys(2_000, 5))).toEqual({ remaining: 5, leftOut: 0, read: 0 });
  });

  test("is read in whole where much of an archive is wanted", async () => {
    const location = await make(3);
    const memory = createPublishedMemory();
    await filter(memory, location, few);
    expect(await filter(memory, location, makeKeys(50, 60))).toEqual({ remaining: 0, leftOut: 60, read: 200 });
  });

  test("knows what others add, and forgets with the location", async () => {
    const location = await make(2);
    const memory = createPublishedMemory();
    await filter(memory, location, few);
    await remember(location.database, location.id, 3, makeKeys(1_000, 1));
    expect(await filter(memory, location, few)).toMatchObject({ remaining: 1, leftOut: 5 });
    await sql`delete from location_archive where seq = 1`.execute(location.database.db);
    expect(await filter(memory, location, few)).toMatchObject({ remaining: 3, leftOut: 3 });
  });

  test("does not take a number that comes again, in a restored database, for what it was", async () => {
    const location = await make(2);
    const memory = createPublishedMemory();
    await filter(memory, location, few);
    await sql`delete from location_archive where seq = 2`.execute(location.database.db);
    await remember(location.database, location.id, 2, makeKeys(1_000, 2), "another");
    expect(await filter(memory, location, few)).toMatchObject({ remaining: 2, leftOut: 4 });
  });

  test("has a bound, beyond which archives are read each time", async () => {
    const location = await make(3);
    const memory = createPublishedMemory(250);
    for (let time = 0; time < 2; time++) await filter(memory, location, few);
    expect(await filter(memory, location, few)).toEqual({ remaining: 2, leftOut: 4, read: 104 });
  });

  test("spares reading what was remembered when it was committed", async () => {
    const location = await make(1);
    const memory = createPublishedMemory();
    memory.remember(location.id, "digest 1", sortByKeyData(makeKeys(0, 100)));
    expect(await filter(memory, location, makeKeys(99, 2))).toEqual({ remaining: 1, leftOut: 1, read: 1 });
  });
});

function remember(
  database: Database,
  id: number,
  seq: number,
  keys: KeyBatch,
  digest = `digest ${seq}`,
): Promise<void> {
  return insertArchive(database.db, id, {
    seq,
    line: `${seq}.zip`,
    start: seq,
    end: seq + 1,
    region: "XX",
    primaryCount: keys.length,
    revisedCount: 0,
    digest,
    byteCount: 1,
    supplier: "test",
    appendedAt: 0,
    expiresAt: 1,
    records: sortByKeyData(keys).bytes,
  });
}

/** Which of the keys are left out since they stand there, and how many records were read for that. */
async function filter(
  memory: PublishedMemory,
  { database, id }: { database: Database; id: number },
  keys: KeyBatch,
): Promise<{ remaining: number; leftOut: number; read: number }> {
  let read = 0;
  async function* counted() {
    for await (const batch of memory.heldOf(database.db, id, [keys, KeyBatch.empty])) {
      read += batch.length;
      yield batch;
    }
  }
  const { primaries, leftOut } = await filterContent(keys, KeyBatch.empty, counted());
  return { remaining: primaries.length, leftOut, read };
}
