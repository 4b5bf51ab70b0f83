// The statistics on each database: nothing is lost when many count at once, and nothing without its transaction.

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { createStatsFeature, type StatsFeature, statsMigrations } from "../../src/features/stats/feature.ts";
import type { UploadFacts } from "../../src/features/stats/stats-types.ts";
import type { Database, Db } from "../../src/platform/database/database.ts";
import { reportNothing } from "../../src/platform/observe/report.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

const MIDNIGHT = 20_000 * DAY;
const UPLOAD: UploadFacts = {
  authorityId: 1,
  receivedAt: MIDNIGHT,
  platform: "ios",
  keyCount: 2,
  hasRevision: false,
  oldestKeyDays: 1,
  onsetDays: 1,
};

function statsOn(database: Database): StatsFeature {
  const settings = { uploadMinimum: 10, embargoSeconds: 2 * DAY, keptSeconds: 14 * DAY };
  return createStatsFeature({ database, report: reportNothing, settings });
}

async function count(stats: StatsFeature, tx: Db, uploads: readonly UploadFacts[]): Promise<void> {
  for (const statement of stats.counting(uploads)) await statement.execute(tx);
}

describeOnEachDatabase("statistics", (open) => {
  test("first uploads of an hour that come at once are all counted (KS P5)", async () => {
    const database = await open([statsMigrations]);
    const stats = statsOn(database);
    await Promise.all(Array.from({ length: 20 }, () => database.transaction((tx) => count(stats, tx, [UPLOAD]))));
    const [day] = await stats.readDays(1, MIDNIGHT + HOUR);
    expect(day).toMatchObject({ byPlatform: { unknown: 0, android: 0, ios: 20 }, keys: 40 });
    expect(day?.keyAges.slice(0, 3)).toEqual([0, 20, 0]);
    expect(day?.onsets.slice(0, 3)).toEqual([0, 20, 0]);
  });

  test("transactions of the same hour do not wait for one another's end", async () => {
    const database = await open([statsMigrations]);
    // The embedded database has one session.
    if (database.kind === "embedded") return;
    const stats = statsOn(database);
    const [counted, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const first = database.transaction(async (tx) => {
      await count(stats, tx, [UPLOAD]);
      counted.resolve();
      await released.promise;
    });
    await counted.promise;
    await database.transaction((tx) => count(stats, tx, [UPLOAD]));
    released.resolve();
    await first;
  });

  test("an upload that is not stored is not counted (KS P4)", async () => {
    const database = await open([statsMigrations]);
    const stats = statsOn(database);
    const failing = database.transaction(async (tx) => {
      await count(
        stats,
        tx,
        Array.from({ length: 30 }, () => UPLOAD),
      );
      throw new Error("the keys cannot be stored");
    });
    await expect(failing).rejects.toThrow("cannot be stored");
    expect(await stats.readDays(1, MIDNIGHT + DAY)).toEqual([]);
  });

  test("whole days are forgotten, and never half a one is shown", async () => {
    const database = await open([statsMigrations]);
    const stats = statsOn(database);
    const inEveryHour = Array.from({ length: 48 }, (_, hour) => ({ ...UPLOAD, receivedAt: MIDNIGHT + hour * HOUR }));
    await database.transaction((tx) => count(stats, tx, inEveryHour));
    const now = MIDNIGHT + 15 * DAY + 5 * HOUR;
    expect(await stats.readDays(1, now)).toMatchObject([{ dayAt: MIDNIGHT + DAY, keys: 48 }]);
    await stats.jobs[0]?.run(now);
    expect(await stats.readDays(1, MIDNIGHT + 10 * DAY)).toMatchObject([{ dayAt: MIDNIGHT + DAY, keys: 48 }]);
  });

  test("one authority sees nothing of another", async () => {
    const database = await open([statsMigrations]);
    const stats = statsOn(database);
    await database.transaction((tx) =>
      count(
        stats,
        tx,
        Array.from({ length: 30 }, () => UPLOAD),
      ),
    );
    expect(await stats.readDays(2, MIDNIGHT + DAY)).toEqual([]);
  });
});
