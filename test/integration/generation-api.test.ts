// Test keys through the admin API, and how many keys there are: counted where that is cheap, else estimated.

import { expect, test } from "vitest";
import { DAY, HOUR, isoTime, MINUTE } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import type { GenerationBody, KeyTotalsBody } from "../../src/features/exposures/admin-schemas.ts";
import { readKeysOfOrigin } from "../../src/features/exposures/page-queries.ts";
import { readKeyTotals } from "../../src/features/exposures/total-queries.ts";
import { type ApiWorld, apiWorlds } from "../support/api-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE } from "../support/export-world.ts";
import { makeKeys, START } from "../support/location-world.ts";

const PATH = "/v1/exposures/generation";
const after = (hour: number) => START + (hour + 1) * HOUR + AGE;

const totalsOf = async (world: ApiWorld) => (await world.auditor.get<KeyTotalsBody>("/v1/exposures/totals")).body;

const revise = (world: ApiWorld, now: number) =>
  world.exposures.jobs.find(({ name }) => name === "revise-test-keys")?.run(now);

describeOnEachDatabase("the API of exposure keys", (open) => {
  const make = apiWorlds(open);

  test("makes up no keys unless the configuration allows it", async () => {
    const world = await make();
    const refused = await world.operator.post(PATH, { regions: ["XX"], persons: 1 });
    expect(refused).toMatchObject({
      status: 403,
      body: { code: "generation_not_allowed", remedy: expect.stringContaining("allowGeneratedKeys") },
    });
    expect(await totalsOf(world)).toMatchObject({ total: 0 });
  });

  test("makes up keys that are exported like real ones and are none of them", async () => {
    const world = await make({ allowGeneratedKeys: true });
    await world.createExport();
    const { status, body } = await world.operator.post<GenerationBody>(PATH, { regions: ["xx"], persons: 4 });
    expect([status, body]).toEqual([201, { persons: 4, keys: 52, revisions: 0, reviseAt: null }]);
    await world.save({ origin: { kind: "upload" }, primaries: makeKeys(0, 3) }, START);
    await world.run(after(0));
    expect(world.follower.keys.size).toBe(55);
    expect(world.follower.problems).toEqual([]);
    expect(await totalsOf(world)).toEqual({
      exact: true,
      total: 55,
      byOrigin: { upload: 3, import: 0, federation: 0, padding: 0, test: 52 },
      awaitedRevisions: 0,
    });
    const audit = await world.auditor.get("/v1/audit?kind=exposures");
    expect(audit.body).toMatchObject({
      items: [{ name: "test", before: { testKeys: 0 }, after: { testKeys: 52, plannedRevisions: 0 } }],
    });
  });

  test("revises some of them later, in a later archive", async () => {
    const world = await make({ allowGeneratedKeys: true });
    await world.createExport();
    const request = { regions: ["XX"], persons: 6, keysPerPerson: 2, revisedShare: 1, reviseAfterSeconds: HOUR };
    const { body } = await world.operator.post<GenerationBody>(PATH, request);
    expect(body).toEqual({ persons: 6, keys: 12, revisions: 12, reviseAt: isoTime(START + HOUR) });
    await revise(world, START + HOUR - 1);
    await world.run(after(0));
    expect(world.follower.archives.map(({ primaries, revised }) => [primaries.length, revised.length])).toEqual([
      [12, 0],
    ]);
    await revise(world, START + HOUR + MINUTE);
    await revise(world, START + HOUR + MINUTE);
    await world.run(after(1));
    expect(world.follower.archives.map(({ primaries, revised }) => [primaries.length, revised.length])).toEqual([
      [12, 0],
      [0, 12],
    ]);
    const types = [...world.follower.keys.values()].map(({ reportType }) => reportType);
    expect(types.every((type) => type === ReportType.confirmed || type === ReportType.revoked)).toBe(true);
    expect(world.follower.problems).toEqual([]);
  });

  test("lets no upload and no import change test keys", async () => {
    const world = await make({ allowGeneratedKeys: true });
    await world.operator.post(PATH, { regions: ["XX"], persons: 1, reportType: "likely" });
    const made = await readKeysOfOrigin(world.database.db, ["test"], null, 100);
    const changed = KeyBatch.from(Array.from(made, (key) => ({ ...key, reportType: ReportType.revoked })));
    for (const origin of [{ kind: "upload" }, { kind: "import", supplierId: 1 }] as const) {
      const { counts } = await world.database.transaction((tx) =>
        world.exposures.save(tx, {
          origin,
          regions: ["XX"],
          traveler: false,
          now: START,
          primaries: changed,
          revised: KeyBatch.empty,
        }),
      );
      expect(counts).toMatchObject({ other_source: 13 });
    }
  });

  test.each([
    ["too many keys", { persons: 10_000, keysPerPerson: 11 }, "generation_settings_invalid"],
    ["revised confirmed tests", { reportType: "confirmed", revisedShare: 0.1 }, "generation_settings_invalid"],
    ["more days than phones keep", { keysPerPerson: 15 }, "request_invalid"],
    ["no region", { regions: [] }, "request_invalid"],
    ["nobody's keys", { persons: 0 }, "request_invalid"],
    ["revoked tests", { reportType: "negative" }, "request_invalid"],
  ])("makes up no %s", async (_, changes, code) => {
    const world = await make({ allowGeneratedKeys: true });
    const refused = await world.operator.post(PATH, { regions: ["XX"], persons: 1, ...changes });
    expect(refused).toMatchObject({ status: 400, body: { code } });
    expect(await totalsOf(world)).toMatchObject({ total: 0 });
  });

  test("counts each origin, and revisions that wait", async () => {
    const world = await make();
    await world.createExport({ minRecords: 10 });
    await world.save({ primaries: makeKeys(0, 2) }, START + 100);
    await world.save({ origin: { kind: "federation", supplierId: 1 }, primaries: makeKeys(10, 3) }, START + 100);
    await world.save({ origin: { kind: "upload" }, primaries: makeKeys(20, 4) }, START + 100);
    await world.save({ revised: makeKeys(30, 5, { reportType: ReportType.confirmed }) }, START + 100);
    await world.run(after(0));
    expect(await totalsOf(world)).toEqual({
      exact: true,
      total: 10,
      byOrigin: { upload: 4, import: 2, federation: 3, padding: 1, test: 0 },
      awaitedRevisions: 5,
    });
  });

  test("estimates from a part of a large table, without reading the rest", async () => {
    const world = await make({ allowGeneratedKeys: true });
    const request = { regions: ["XX"], persons: 30 };
    await world.operator.post(PATH, request);
    for (let day = 0; day < 4; day++) {
      await world.save({ primaries: makeKeys(day * 3_000, 3_000) }, START + day * DAY);
      await world.save({ origin: { kind: "upload" }, primaries: makeKeys(50_000 + day * 1_000, 1_000) }, START);
    }
    const estimate = await readKeyTotals(world.database.db, 60);
    expect(estimate).toMatchObject({ exact: false, byOrigin: { test: 390 } });
    expect(estimate.byOrigin.import).toBeGreaterThan(6_000);
    expect(estimate.byOrigin.import).toBeLessThan(24_000);
    expect(estimate.byOrigin.upload).toBeGreaterThan(1_000);
    expect(estimate.byOrigin.upload).toBeLessThan(9_000);
  });
});
