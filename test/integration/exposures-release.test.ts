// When keys are released to exports, and never into a window that was closed.

import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { closeWindows } from "../../src/features/exposures/close-windows.ts";
import { exposuresMigrations } from "../../src/features/exposures/feature.ts";
import { readHorizon, reopenWindows } from "../../src/features/exposures/horizon-queries.ts";
import { readKeysOfOrigin } from "../../src/features/exposures/page-queries.ts";
import { insertGeneratedKeys } from "../../src/features/exposures/queries.ts";
import type { Database, Db } from "../../src/platform/database/database.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { systemPace } from "../../src/platform/time/system-clock.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { batch, EVERYWHERE, NOW, releasedBetween, revisedBetween, save, saveIn } from "../support/exposure-world.ts";
import { makeKey, makeKeys, START } from "../support/location-world.ts";
import { takePostgres } from "../support/postgres-schemas.ts";

const { confirmed, likely } = ReportType;

describeOnEachDatabase("exposures: release", (open) => {
  const make = () => open([exposuresMigrations]);

  test("is at the start of the current window, or after the end of a key that still runs", async () => {
    const database = await make();
    const running = { ...makeKey(2), rollingStart: START / 600, rollingPeriod: 144 };
    await save(database, { primaries: batch(makeKey(1), running) });
    expect(await releasedBetween(database, START + 5 * HOUR, START + 6 * HOUR)).toEqual([makeKey(1)]);
    expect(await releasedBetween(database, START + 6 * HOUR, START + DAY + HOUR)).toEqual([]);
    expect(await releasedBetween(database, START + DAY + HOUR, START + DAY + 2 * HOUR)).toEqual([running]);
  });

  test("of a revision is never before that of its key", async () => {
    const database = await make();
    const running = { ...makeKey(2), rollingStart: START / 600, reportType: likely };
    await save(database, { primaries: batch(running) });
    await save(database, { revised: batch({ ...running, reportType: confirmed }) });
    const release = START + DAY + HOUR;
    expect((await releasedBetween(database, release, release + 1)).map((key) => key.reportType)).toEqual([confirmed]);
    expect(await revisedBetween(database, 0, release)).toEqual([]);
  });

  test("is never in a window that was closed, even when the clock of the saving process is behind", async () => {
    const database = await make();
    await closeWindows(database, NOW + DAY, systemPace);
    await save(database, { primaries: makeKeys(0, 1, { reportType: likely }) });
    await save(database, { revised: makeKeys(0, 1, { reportType: confirmed }) });
    expect(await releasedBetween(database, 0, NOW + DAY)).toEqual([]);
    expect(await releasedBetween(database, NOW + DAY, NOW + DAY + 1)).toHaveLength(1);
    await closeWindows(database, NOW, systemPace); // Never moves back.
    await save(database, { primaries: makeKeys(1, 1) });
    expect(await releasedBetween(database, NOW + DAY, NOW + DAY + 1)).toHaveLength(2);
  });

  test("comes back to its own window where the horizon was moved back, after a clock that was ahead", async () => {
    const database = await make();
    await closeWindows(database, NOW + DAY, systemPace);
    await reopenWindows(database.db, NOW, NOW);
    await save(database, { primaries: makeKeys(0, 1) });
    expect(await releasedBetween(database, NOW, NOW + 1)).toHaveLength(1);
    await reopenWindows(database.db, NOW + DAY, NOW); // Never forward.
    expect((await readHorizon(database.db)).closedUntil).toBe(NOW);
  });

  test("E2: generated keys are stored to the last, as their models are, into the window they pad", async () => {
    const database = await make();
    const models = makeKeys(0, 2);
    await save(database, { primaries: models.slice(0, 1), regions: ["XX", "YY"], traveler: true });
    await save(database, { primaries: models.slice(1, 2), regions: ["ZZ"] });
    const made = makeKeys(100, 1_000);
    const sources = KeyBatch.from(Array.from({ length: 1_000 }, (_, at) => makeKey(at % 2)));
    await closeWindows(database, NOW + DAY, systemPace);
    await database.transaction((tx) => insertGeneratedKeys(tx, made.bytes, sources.bytes, NOW + DAY - 1));
    expect((await readKeysOfOrigin(database.db, ["generated"], null, 10_000)).length).toBe(1_000);
    const inYY = { ...EVERYWHERE, includeRegions: ["YY"] };
    expect(await releasedBetween(database, NOW + DAY - 1, NOW + DAY, inYY)).toHaveLength(500);
    expect(await releasedBetween(database, NOW + DAY - 1, NOW + DAY)).toHaveLength(1_000);
  });
});

// The embedded database runs one transaction at a time: there nothing can happen meanwhile.
describe.skipIf(inject("postgresUrl") === null)("exposures: release, over several connections (PostgreSQL)", () => {
  let database: Database;
  beforeEach(async () => {
    database = await takePostgres(inject("postgresUrl") ?? "");
    await migrate(database, [exposuresMigrations], { now: () => START });
  });
  afterEach(() => database.close());

  test("a window that is being closed waits for the saves in it, and those after it land in the next without waiting", async () => {
    const end = START + 6 * HOUR;
    const [early, late] = [makeKeys(0, 1), makeKeys(1, 1)];
    const running = await beginSave(database, early);
    let isClosed = false;
    const closing = closeWindows(database, end, systemPace).then(() => (isClosed = true));
    await untilClosed(database, end);
    // By its clock still in the window that is being closed; it waits neither for the closer nor for the first save.
    await save(database, { primaries: late });
    expect(isClosed).toBe(false);
    await running.finish();
    await closing;
    expect(await releasedBetween(database, 0, end)).toEqual([...early]);
    expect(await releasedBetween(database, end, end + 1)).toEqual([...late]);
  });

  test("saves that follow one another without a pause do not keep a window open", async () => {
    const first = await beginSave(database, makeKeys(0, 1));
    const closing = closeWindows(database, START + 6 * HOUR, systemPace);
    await untilClosed(database, START + 6 * HOUR);
    const second = await beginSave(database, makeKeys(1, 1));
    await first.finish();
    await closing; // Though the second save does not end before.
    await second.finish();
    expect(await releasedBetween(database, START + 6 * HOUR, START + 6 * HOUR + 1)).toHaveLength(1);
  });

  test("a closer gives up where a save does not end, and the next one waits for the same save", async () => {
    const stuck = await beginSave(database, makeKeys(0, 1));
    let milliseconds = 0;
    const pace = { milliseconds: () => milliseconds, wait: async () => void (milliseconds += 10_000) };
    const underWay = { code: "saves_under_way" };
    for (const end of [START + 6 * HOUR, START + 6 * HOUR, START + 5 * HOUR]) {
      await expect(closeWindows(database, end, pace)).rejects.toMatchObject(underWay);
    }
    await stuck.finish();
    await closeWindows(database, START + 6 * HOUR, pace);
    expect(await releasedBetween(database, 0, START + 6 * HOUR)).toHaveLength(1);
  });
});

/** Runs `work` in a transaction that stays open until it is finished. */
async function begin(database: Database, work: (tx: Db) => Promise<unknown>): Promise<{ finish(): Promise<void> }> {
  const [worked, mayEnd] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const transaction = database.transaction(async (tx) => {
    await work(tx);
    worked.resolve();
    await mayEnd.promise;
  });
  await Promise.race([worked.promise, transaction]);
  return {
    async finish() {
      mayEnd.resolve();
      await transaction;
    },
  };
}

function beginSave(database: Database, primaries: KeyBatch): Promise<{ finish(): Promise<void> }> {
  return begin(database, (tx) => saveIn(tx, { primaries }));
}

async function untilClosed(database: Database, end: number): Promise<void> {
  while ((await readHorizon(database.db)).closedUntil < end);
}
