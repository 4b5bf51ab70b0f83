// Health: what makes a process unready, and that it never waits for long.

import { describe, expect, test } from "vitest";
import { describeOnEachDatabase } from "../../../test/support/databases.ts";
import { HOUR } from "../../core/clock.ts";
import { CodedError } from "../../core/coded-error.ts";
import { createExposuresFeature, exposuresMigrations } from "../../features/exposures/feature.ts";
import type { BlobStore } from "../../platform/blobs/blob-store.ts";
import { createMemoryBlobs } from "../../platform/blobs/memory-blobs.ts";
import type { Duty } from "../../platform/config/config.ts";
import type { Database } from "../../platform/database/database.ts";
import { migrate } from "../../platform/database/migrate.ts";
import { reportNothing } from "../../platform/observe/report.ts";
import { seededRandom } from "../../platform/random/seeded-random.ts";
import { type ClockDoubt, RELIED_ON } from "../../platform/time/clock-trust.ts";
import { createVirtualClock } from "../../platform/time/virtual-clock.ts";
import type { SealCheckFailure } from "./check-seals.ts";
import { createHealth } from "./create-health.ts";

interface Given {
  database?: Database | null;
  blobs?: BlobStore;
  duties?: readonly Duty[];
  trySave?: () => Promise<void>;
  findSealFailure?: () => Promise<SealCheckFailure | null>;
}

function setUp(given: Given = {}) {
  const clock = createVirtualClock(1_000);
  const { database = null, blobs = createMemoryBlobs(), duties = ["public", "export"], trySave = null } = given;
  const { findSealFailure = null } = given;
  const migrations = [exposuresMigrations];
  const health = createHealth({ database, migrations, blobs, duties, clock, trySave, findSealFailure, instance: "x" });
  return { clock, health, blobs };
}

const failing = (code: string) => () => Promise.reject(new CodedError(code, "it does not work"));

describe("the signing keys of the seals", () => {
  test("are asked for again after a while, and what cannot be asked is said by other checks", async () => {
    let found: SealCheckFailure | null | Error = "seal_key_missing";
    const findSealFailure = async () => {
      if (found instanceof Error) throw found;
      return found;
    };
    const { clock, health } = setUp({ findSealFailure });
    expect(await health.ready()).toEqual(["seal_key_missing"]);
    expect(await health.publicReady()).toEqual([]);
    found = null;
    expect(await health.ready()).toEqual(["seal_key_missing"]);
    clock.advance(10);
    expect(await health.ready()).toEqual([]);
    found = new Error("the folder is away");
    clock.advance(10);
    expect(await health.ready()).toEqual([]);
  });
});

describe("without a database", () => {
  test("all is well, and the probe leaves nothing behind", async () => {
    const { health, blobs } = setUp();
    expect([await health.live(), await health.ready(), await health.publicReady()]).toEqual([[], [], []]);
    expect(await blobs.list("")).toEqual([]);
  });

  test("a store that cannot be read makes everything unready, one that cannot be written only who writes", async () => {
    const blobs = createMemoryBlobs();
    const unreadable = { ...blobs, stat: failing("blob_storage_failed") };
    expect(await setUp({ blobs: unreadable }).health.publicReady()).toEqual(["blob_storage_failed"]);
    const full = { ...blobs, put: failing("blob_storage_full") };
    expect(await setUp({ blobs: full }).health.ready()).toEqual(["blob_storage_full"]);
    expect(await setUp({ blobs: full }).health.publicReady()).toEqual([]);
    expect(await setUp({ blobs: full, duties: ["public", "import"] }).health.ready()).toEqual([]);
  });

  test("an answer is remembered for a moment, also when the clock is set back", async () => {
    const blobs = createMemoryBlobs();
    let reads = 0;
    const counting = { ...blobs, stat: async (name: string) => ((reads += 1), blobs.stat(name)) };
    const { health, clock } = setUp({ blobs: counting });
    await Promise.all([health.publicReady(), health.publicReady()]);
    await health.publicReady();
    expect(reads).toBe(1);
    clock.set(1_001);
    await health.publicReady();
    clock.jump(500);
    await health.publicReady();
    expect(reads).toBe(3);
  });

  test("a clock that has jumped makes it unready for everything but the objects", async () => {
    const { health, clock } = setUp();
    let doubt: ClockDoubt | null = "clock_jumped";
    Object.assign(clock, { trust: () => ({ ...RELIED_ON, doubt }) });
    expect([await health.live(), await health.ready(), await health.publicReady()]).toEqual([[], ["clock_jumped"], []]);
    doubt = "clock_ahead";
    expect(await health.ready()).toEqual(["clock_ahead"]);
    for (doubt of [null, "clock_unproven"] as const) expect(await health.ready()).toEqual([]);
  });

  test("a process that stops is alive and not ready", async () => {
    const { health } = setUp();
    health.beginStopping();
    expect(await health.live()).toEqual([]);
    expect([await health.ready(), await health.publicReady()]).toEqual([["server_stopping"], ["server_stopping"]]);
  });
});

describeOnEachDatabase("with a database", (open) => {
  const clock = createVirtualClock(1_000);

  test("it has to have the tables of this program", async () => {
    const database = await open();
    expect(await setUp({ database }).health.ready()).toEqual(["database_not_current"]);
    await migrate(database, [exposuresMigrations], clock);
    expect(await setUp({ database }).health.ready()).toEqual([]);
    await database.execute(
      `insert into schema_migration (set_name, number, name, sha256, applied_at)
      values ('exposures', 99, '0099-later.sql', 'x', 0)`,
      [],
    );
    expect(await setUp({ database }).health.ready()).toEqual(["database_not_current"]);
  });

  test("it has to take a key as an upload brings it, which is tried now and then, and leaves nothing behind", async () => {
    const database = await open([exposuresMigrations]);
    const feature = createExposuresFeature({
      database,
      report: reportNothing,
      random: seededRandom(1),
      settings: { truncateWindowSeconds: HOUR },
    });
    let tries = 0;
    const trySave = () => ((tries += 1), feature.trySave(clock.now(), { withinMilliseconds: 5_000 }));
    const { health, clock: own } = setUp({ database, trySave });
    expect([await health.ready(), await health.ready()]).toEqual([[], []]);
    own.set(1_004);
    await health.ready();
    expect(tries).toBe(1);
    expect(await database.execute("select * from exposure", [])).toEqual([]);
    await database.execute("alter table exposure add check (traveler)", []);
    own.set(1_005);
    expect(await health.ready()).toEqual(["database_refuses_saves"]);
    expect(tries).toBe(2);
    expect(await health.publicReady()).toEqual([]);
  });

  test("one that fails or does not answer is unreachable", async () => {
    const database = await open();
    const silent = { ...database, execute: () => new Promise<never>(() => undefined) };
    expect(await setUp({ database: silent }).health.ready()).toEqual(["database_unreachable"]);
    const gone = { ...database, execute: failing("database_unreachable") };
    expect(await setUp({ database: gone }).health.ready()).toEqual(["database_unreachable"]);
  });
});
