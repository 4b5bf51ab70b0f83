// The place at which an export stands in a window or a stretch: no other filter takes it over, and nothing moves it back.

import { describe, expect, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import type { KeyBatch } from "../../src/core/key-batch.ts";
import { sortByKeyData } from "../../src/core/sort-keys.ts";
import { advanceBackfill, readBackfillsOf } from "../../src/features/export/backfill-queries.ts";
import type { OpenWindow } from "../../src/features/export/export-types.ts";
import { changeExport } from "../../src/features/export/manage-configs.ts";
import { readConfig } from "../../src/features/export/queries.ts";
import { requestBackfill } from "../../src/features/export/request-backfill.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE, type ExportWorld, makeExportWorld } from "../support/export-world.ts";
import { makeKeys, START } from "../support/location-world.ts";

const BOTH = { filter: { includeRegions: ["XX", "YY"] } };
const IN_WINDOW = START + 100;
const AFTER = START + HOUR + AGE;
const STRETCH = { from: START, thru: START + HOUR };

/** In the order of reading those of YY come before all of XX: whoever goes on behind one of XX misses them. */
const sorted = sortByKeyData(makeKeys(0, 16));
const [ofYY, ofXX] = [sorted.slice(0, 8), sorted.slice(8, 16)];

function widen(world: ExportWorld) {
  return changeExport(world.database, "main", BOTH);
}

async function backfillOf({ database }: ExportWorld) {
  const [backfill] = await readBackfillsOf(database.db, (await readConfig(database.db, "main"))?.id ?? 0, 1);
  if (backfill === undefined) throw new Error("there is none");
  return backfill;
}

describeOnEachDatabase("the place of an export", (open) => {
  async function make(primaries: Record<string, KeyBatch>): Promise<ExportWorld> {
    const world = await makeExportWorld(open);
    await world.createExport({ maxRecords: 3 });
    for (const [region, keys] of Object.entries(primaries)) {
      await world.save({ regions: [region], primaries: keys }, IN_WINDOW);
    }
    return world;
  }

  test.each([1, 2, 3])("in a window is given up when the filter changes right before archive %i", async (at) => {
    const world = await make({ XX: ofXX, YY: ofYY });
    await runWith(world, at, () => widen(world));
    await world.run(AFTER);
    expect(world.follower.keys.size).toBe(16);
  });

  test.each([2, 3])("in a window is given up when the filter changes after a crash before archive %i", async (at) => {
    const world = await make({ XX: ofXX, YY: ofYY });
    await runWith(world, at, () => Promise.reject(new Error("the process died")));
    await widen(world);
    await world.run(AFTER);
    expect(world.follower.keys.size).toBe(16);
  });

  test.each([1, 2, 3])("in a stretch is given up when the filter changes right before archive %i", async (at) => {
    const world = await make({ ZZ: ofXX, YY: ofYY });
    await world.run(AFTER);
    await changeExport(world.database, "main", { filter: { includeRegions: ["ZZ"] } });
    await requestBackfill(world.database, "main", STRETCH, AFTER);
    await runWith(world, at, () => changeExport(world.database, "main", { filter: { includeRegions: ["YY", "ZZ"] } }));
    await world.run(AFTER);
    expect(world.follower.keys.size).toBe(16);
    expect(await backfillOf(world)).toMatchObject({ restarts: 1, completedAt: AFTER });
  });

  describe("in a stretch", () => {
    const places: OpenWindow[] = [
      { end: STRETCH.thru, list: "released", after: { at: START, keyHex: "0a" } },
      { end: STRETCH.thru, list: "released", after: { at: START, keyHex: "0b" } },
      { end: STRETCH.thru, list: "revised", after: null },
    ];
    const part = { archives: 1, primaries: 1, revised: 0, leftOut: 0, generated: 0 };

    test("is moved on from where it is, and by nobody who read it earlier", async () => {
      const world = await make({});
      await world.run(AFTER);
      await requestBackfill(world.database, "main", STRETCH, AFTER);
      const advance = async (from: Awaited<ReturnType<typeof backfillOf>>, next: OpenWindow | null) =>
        world.database.transaction((tx) => advanceBackfill(tx, from, part, next, AFTER));
      const earlier = [await backfillOf(world)];
      for (const next of [...places, null]) {
        expect(await advance(await backfillOf(world), next)).toBe(true);
        for (const stale of earlier) expect(await advance(stale, null)).toBe(false);
        earlier.push(await backfillOf(world));
      }
      expect(await advance(await backfillOf(world), null)).toBe(false);
      expect(await backfillOf(world)).toMatchObject({ archives: 4, primaries: 4, completedAt: AFTER });
    });
  });
});

/** Runs once; right before the archive numbered `at`, from 1, `interfere` happens. */
async function runWith(world: ExportWorld, at: number, interfere: () => Promise<void>): Promise<void> {
  let appends = 0;
  const interrupted = world.anotherExporter({
    locations: {
      ...world.feature,
      append: async (...args) => {
        if (++appends === at) await interfere();
        return world.feature.append(...args);
      },
    },
  });
  await world.run(AFTER, interrupted);
}
