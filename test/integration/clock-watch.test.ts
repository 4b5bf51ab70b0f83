// What a process makes of its clock beside the record, other processes, and an operator's word; on each database.

import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { DAY, HOUR, isoTime, MINUTE } from "../../src/core/clock.ts";
import { createMemoryBlobs } from "../../src/platform/blobs/memory-blobs.ts";
import { createMemoryEncryptionKeys } from "../../src/platform/keys/memory-encryption-keys.ts";
import { createMemorySigningKeys } from "../../src/platform/keys/memory-signing-keys.ts";
import { seededRandom } from "../../src/platform/random/seeded-random.ts";
import { readClockState, writeConfirmed } from "../../src/platform/time/clock-queries.ts";
import { type ClockedMachine, type ClockedProcess, startClockedProcess } from "../support/clocked-process.ts";
import { describeOnEachDatabase } from "../support/databases.ts";

const START = 1_800_000_000;

describeOnEachDatabase("a process", (open) => {
  let database: Awaited<ReturnType<typeof open>>;
  let passed: number;

  beforeEach(async () => {
    database = await open();
    passed = 0;
  });

  const start = (
    wrongBy = 0,
    given: Partial<ClockedMachine> = {},
    signingKeys = createMemorySigningKeys(),
  ): Promise<ClockedProcess> =>
    startClockedProcess(
      {
        database,
        blobs: createMemoryBlobs(),
        signingKeys,
        encryptionKeys: createMemoryEncryptionKeys(),
        archiveTools: nodeArchiveTools,
        fetcher: async () => ({ outcome: "status", status: 404 }),
        random: seededRandom(1),
      },
      { machine: { now: () => START + passed + wrongBy }, uptimeSeconds: () => passed, ...given },
    );
  const seenAt = async () => (await readClockState(database.db)).seenAt;

  test("records the time that it relies on, and none in doubt", async () => {
    const first = await start();
    expect(await seenAt()).toBe(START);
    passed += MINUTE;
    await first.watch.look();
    expect(await seenAt()).toBe(START + MINUTE);

    const ahead = await start(30 * DAY);
    expect(ahead.clock.trust()).toMatchObject({ doubt: "clock_ahead", bySeconds: 30 * DAY });
    expect((await ahead.runJobs()).length).toBeGreaterThan(5);
    await ahead.watch.look();
    expect(await seenAt()).toBe(START + MINUTE);
  });

  test("that was really off comes up within an hour, and puts nothing back", async () => {
    await start();
    passed += 40 * DAY;
    const again = await start();
    expect(again.clock.trust().doubt).toBe("clock_ahead");
    passed += HOUR;
    expect(await again.watch.look()).toMatchObject({ doubt: null, evidence: "uptime" });
    expect(await seenAt()).toBe(START + passed);
    expect(again.events.map(({ event }) => event)).not.toContain("clock.put-back");
  });

  test("whose record lies ahead lowers it once it is relied on", async () => {
    await start(30 * DAY);
    const right = await start();
    expect(right.clock.trust()).toMatchObject({ doubt: "clock_behind", bySeconds: -30 * DAY });
    expect(await right.watch.callRight()).toMatchObject({ doubt: null, evidence: "operator" });
    expect(await seenAt()).toBe(START);
    expect(right.events).toContainEqual(expect.objectContaining({ event: "clock.put-back", record: 1 }));
    const next = await start();
    expect(next.clock.trust().doubt).toBeNull();
  });

  test("lets begin now what was made while the clock was ahead, and leaves what is planned", async () => {
    const signingKeys = createMemorySigningKeys();
    await signingKeys.create("seal");
    const ahead = await start(40 * DAY, {}, signingKeys);
    const wrong = ahead.clock.now();
    const seal = { signingKey: "seal", keyId: "262", keyVersion: "v1" };
    await ahead.server.locations.create({ name: "client", seal: { ...seal, from: wrong } });
    await ahead.server.locations.addSeal("client", { ...seal, keyVersion: "v2", from: wrong + 10 * DAY }, wrong);
    const settings = { location: "client", region: "XX", periodSeconds: HOUR, thru: null, backfillSeconds: 0 };
    const limits = { maxRecords: 100, minRecords: 0, paddingRange: 0 };
    const filter = { includeRegions: ["XX"], excludeRegions: [], travelers: "region" } as const;
    await ahead.server.exports.create({ name: "now", ...settings, ...limits, filter, from: wrong });
    await ahead.server.exports.create({ name: "later", ...settings, ...limits, filter, from: wrong + 10 * DAY });
    await ahead.watch.look();

    passed += MINUTE;
    const right = await start(0, { isCalledRight: true }, signingKeys);
    const now = START + passed;
    const exports = await right.server.exports.overviews(database, now);
    expect(exports.map(({ name, from }) => [name, from])).toEqual([
      ["later", isoTime(wrong + 10 * DAY)],
      ["now", isoTime(now)],
    ]);
    const seals = await right.server.locations.sealUses(database);
    expect(seals.map(({ keyVersion, from }) => [keyVersion, from])).toEqual([
      ["v1", now],
      ["v2", wrong + 10 * DAY],
    ]);
  });

  test("follows another one that records at the same time", async () => {
    await start();
    passed += 40 * DAY;
    const [one, other] = [await start(), await start()];
    await one.watch.callRight();
    passed += MINUTE;
    expect(await other.watch.look()).toMatchObject({ doubt: null, evidence: "process" });
  });

  test("takes the word that was given at another one, for as long as it can be meant", async () => {
    await start();
    passed += 40 * DAY;
    const here = await start();
    await writeConfirmed(database.db, START + passed, "anna");
    passed += MINUTE;
    const later = await start(DAY);
    expect(await here.watch.look()).toMatchObject({ doubt: null, evidence: "operator" });
    expect(await later.watch.look()).toMatchObject({ doubt: "clock_ahead" });
  });

  test("asks upstreams in doubt, and believes them", async () => {
    await start();
    passed += 40 * DAY;
    const told = [START + passed + 20];
    const again = await start(0, { readUpstreams: async () => told });
    expect(again.clock.trust()).toMatchObject({ doubt: null, evidence: "upstreams" });
  });

  test("goes by the database's clock on another machine, and not by one on its own", async () => {
    await start();
    passed += 40 * DAY;
    const read = async () => START + passed;
    const beside = await start(0, { databaseClock: { isElsewhere: false, read } });
    expect(beside.clock.trust().doubt).toBe("clock_ahead");
    const away = await start(0, { databaseClock: { isElsewhere: true, read } });
    expect(away.clock.trust()).toMatchObject({ doubt: null, evidence: "database" });
  });

  afterEach(async () => {
    await database.close();
  });
});
