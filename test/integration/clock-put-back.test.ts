// A clock that was a month ahead and is right again: everything is published, each key once, at once, in order.

import { describe, expect, test } from "vitest";
import { DAY, HOUR, type UnixSeconds } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { createExposuresFeature } from "../../src/features/exposures/feature.ts";
import { locationAheadTables } from "../../src/features/locations/ahead-queries.ts";
import { reportNothing } from "../../src/platform/observe/report.ts";
import { seededRandom } from "../../src/platform/random/seeded-random.ts";
import type { AheadTables } from "../../src/platform/time/ahead-tables.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE, type ExportWorld, makeExportWorld, RUN_SETTINGS } from "../support/export-world.ts";
import { namesOf } from "../support/index-follower.ts";
import { makeKey, makeKeys, START } from "../support/location-world.ts";

const AHEAD = 30 * DAY;
const after = (hour: number) => START + (hour + 1) * HOUR + AGE;
const during = (hour: number) => START + hour * HOUR + 100;

async function putBack(world: ExportWorld, now: UnixSeconds, changes: { isAfterDoubt?: boolean } = {}) {
  const { database } = world;
  const deps = { database, report: reportNothing, random: seededRandom(1), settings: RUN_SETTINGS };
  const parts: AheadTables[] = [createExposuresFeature(deps).ahead, world.exporter.ahead, locationAheadTables];
  const isAhead = async () => {
    const answers = await Promise.all(parts.map(async (part) => part.isAhead?.(database.db, now)));
    return answers.includes(true);
  };
  const before = await isAhead();
  await database.transaction(async (tx) => {
    for (const part of parts)
      await part.putBack(tx, {
        now,
        isAfterDoubt: false,
        isProven: true,
        wrongSince: null,
        toldUntil: null,
        ...changes,
      });
  });
  expect(await isAhead()).toBe(false);
  return before;
}

function expectEachKeyOnce(world: ExportWorld, count: number): void {
  const names = world.follower.archives.flatMap(({ primaries }) => namesOf(primaries));
  expect(new Set(names).size).toBe(count);
  expect(names.length).toBe(count);
  expect(world.follower.problems).toEqual([]);
}

const revised = (from: number, count: number) =>
  KeyBatch.from([...makeKeys(from, count)].map((key) => ({ ...key, reportType: ReportType.revoked })));

describeOnEachDatabase("a clock that was ahead", (open) => {
  test("costs no key: what was saved before, ahead and after is published once, and at once", async () => {
    const world = await makeExportWorld(open);
    await world.createExport();
    await world.save({ primaries: makeKeys(0, 3) }, during(0));
    await world.run(after(0));
    await world.save({ primaries: makeKeys(3, 2) }, during(1));
    // The clock is ahead: what waits is exported, and what comes is exported too, or waits behind a closed window.
    await world.run(after(1) + AHEAD);
    await world.save({ primaries: makeKeys(5, 2) }, during(1) + AHEAD);
    await world.run(after(2) + AHEAD);
    await world.save({ primaries: makeKeys(7, 2) }, during(3) + AHEAD);
    expectEachKeyOnce(world, 7);
    const last = world.follower.archives.at(-1)?.header.end ?? 0;
    expect(last).toBeGreaterThan(START + AHEAD);

    // Right again, before anything was put back: the key waits for a month.
    await world.save({ primaries: makeKeys(9, 1) }, during(2));
    await world.run(after(2));
    expect(world.failures()).toContain("export_clock_behind");

    expect(await putBack(world, during(3))).toBe(true);
    await world.save({ primaries: makeKeys(10, 1) }, during(3));
    await world.run(after(3));
    expectEachKeyOnce(world, 11);
    // Behind the names of the future by the smallest step.
    expect(world.follower.archives.at(-1)?.header).toMatchObject({ start: last, end: last + 1 });
    await world.save({ primaries: makeKeys(11, 1) }, during(4));
    await world.run(after(4));
    expectEachKeyOnce(world, 12);
    expect(await putBack(world, after(4))).toBe(false);
  });

  test("leaves a key that still runs under its embargo", async () => {
    const world = await makeExportWorld(open);
    await world.createExport({ from: START });
    const running = { ...makeKey(1), rollingStart: START / 600, rollingPeriod: 144 };
    await world.save({ primaries: KeyBatch.from([running]) }, during(2));
    await world.run(after(5) + AHEAD - 29 * DAY);
    const late = { ...makeKey(2), rollingStart: START / 600, rollingPeriod: 144 };
    await world.save({ primaries: KeyBatch.from([late]) }, during(5) + AHEAD);
    await putBack(world, during(3));
    await world.run(after(23));
    // The first was published while the clock was ahead; the other waits for its own end.
    expectEachKeyOnce(world, 1);
    await world.run(after(24));
    expectEachKeyOnce(world, 1);
    await world.run(after(25));
    expectEachKeyOnce(world, 2);
  });

  test("keeps revisions in their order", async () => {
    const world = await makeExportWorld(open);
    await world.createExport();
    await world.save({ primaries: makeKeys(0, 4) }, during(0));
    await world.run(after(0));
    // One revision is published ahead, one only saved; a key comes ahead with its revision.
    await world.save({ revised: revised(0, 1) }, during(1) + AHEAD);
    await world.run(after(1) + AHEAD);
    await world.save({ revised: revised(1, 1), primaries: makeKeys(4, 1) }, during(2) + AHEAD);
    await world.save({ revised: revised(4, 1) }, during(2) + AHEAD);
    await putBack(world, during(2));
    await world.save({ revised: revised(2, 1) }, during(3));
    await world.run(after(3));
    const types = Array.from(world.follower.keys.values(), ({ reportType }) => reportType);
    expect(types.filter((type) => type === ReportType.revoked).length).toBe(4);
    expect(world.follower.problems).toEqual([]);
    const all = world.follower.archives.flatMap(({ revised: list }) => namesOf(list));
    expect(new Set(all).size).toBe(all.length);
  });

  describe("an export", () => {
    test("that was in the middle of a window of the future reads it again", async () => {
      const world = await makeExportWorld(open);
      await world.createExport({ maxRecords: 2 });
      await world.save({ primaries: makeKeys(0, 6) }, during(1) + AHEAD);
      const failing = world.anotherExporter({
        locations: { ...world.feature, append: failAfter(2, (...args) => world.feature.append(...args)) },
      });
      await world.run(after(1) + AHEAD, failing);
      expect(world.failures()).toContain("unexpected");
      await putBack(world, during(1));
      await world.run(after(1));
      expectEachKeyOnce(world, 6);
    });

    test("that ended before its time goes on to its end", async () => {
      const world = await makeExportWorld(open);
      await world.createExport({ thru: START + 10 * HOUR });
      await world.run(after(1) + AHEAD);
      expect(world.events.map(({ event }) => event)).toContain("export.ended");
      await putBack(world, during(1));
      await world.save({ primaries: makeKeys(0, 3) }, during(2));
      await world.run(after(10));
      expectEachKeyOnce(world, 3);
    });
  });

  test("what was listed ahead leaves the index as if it had been listed now", async () => {
    const world = await makeExportWorld(open);
    await world.createExport();
    await world.save({ primaries: makeKeys(0, 1) }, during(1) + AHEAD);
    await world.run(after(1) + AHEAD);
    await putBack(world, during(2));
    await world.save({ primaries: makeKeys(1, 1) }, during(3));
    await world.run(after(3));
    expect(world.follower.lines.length).toBe(2);
    await world.feature.publish("client", during(2) + 15 * DAY);
    await world.follower.check();
    expect(world.follower.lines.length).toBe(1);
  });
});

/** Fails from the call after so many on. */
function failAfter<Args extends unknown[], Answer>(count: number, work: (...args: Args) => Promise<Answer>) {
  let calls = 0;
  return (...args: Args): Promise<Answer> => {
    if (++calls > count) return Promise.reject(new Error("it fails"));
    return work(...args);
  };
}
