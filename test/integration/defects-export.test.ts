// Defects of the reference server around stored keys, exports and locks (KS 13), each as a test that it would fail.

import { expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { exposuresMigrations } from "../../src/features/exposures/feature.ts";
import { createMemorySigningKeys } from "../../src/platform/keys/memory-signing-keys.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { AGE, makeExportWorld, runExport } from "../support/export-world.ts";
import { save, storedKeys } from "../support/exposure-world.ts";
import { makeImportWorld } from "../support/import-world.ts";
import { commitNothing, makeKeys, makeLocationWorld, makeSupply, START } from "../support/location-world.ts";
import { sampleKeys } from "../support/sample-archives.ts";
import { crashingBeforeCommit } from "../support/transaction-faults.ts";

const { likely, revoked } = ReportType;
const origin = (supplierId: number) => ({ origin: { kind: "federation" as const, supplierId } });
const after = (hour: number) => START + (hour + 1) * HOUR + AGE;

describeOnEachDatabase("defects of the reference server: exports and locks", (open) => {
  test("KS P7: a federated key is withdrawn by the supplier that brought it, and by no other", async () => {
    const database = await open([exposuresMigrations]);
    await save(database, { ...origin(3), primaries: makeKeys(0, 2, { reportType: likely }) });
    const revised = makeKeys(0, 2, { reportType: revoked });
    // It published them after everybody could know them from here.
    const late = { ...origin(4), publishedFrom: () => Number.MAX_SAFE_INTEGER };
    expect((await save(database, { ...late, revised })).counts).toMatchObject({ revised: 0, other_source: 2 });
    expect((await save(database, { ...origin(3), revised })).counts).toMatchObject({ revised: 2 });
    expect((await storedKeys(database)).map(({ reportType }) => reportType)).toEqual([revoked, revoked]);
  });

  test("KS E4: windows that a worker began and left are finished by another at once", async () => {
    const world = await makeExportWorld(open);
    await world.createExport({ maxRecords: 4 });
    for (let hour = 0; hour < 3; hour++)
      await world.save({ primaries: makeKeys(hour * 10, 6) }, START + hour * HOUR + 100);
    for (let transaction = 0; transaction < 6; transaction++) {
      await runExport(world.anotherExporter({ database: crashingBeforeCommit(world.database, transaction) }), after(2));
    }
    expect(world.failures().length).toBeGreaterThan(0);
    await world.run(after(2), world.anotherExporter());
    expect(world.follower.keys.size).toBe(18);
    expect(world.follower.problems).toEqual([]);
  });

  test("KS E6: a region that is named twice, or as the travellers' lock is, does not keep an export from working", async () => {
    const world = await makeExportWorld(open);
    const includeRegions = ["XX", "xx", "XX", "TRAVELERS"];
    await world.createExport({ filter: { includeRegions, excludeRegions: [], travelers: "also" } });
    await world.save({ regions: ["XX"], primaries: makeKeys(0, 2) }, START + 100);
    await world.save({ regions: ["TRAVELERS"], primaries: makeKeys(10, 3) }, START + 100);
    await world.run(after(0));
    expect(world.failures()).toEqual([]);
    expect(world.follower.keys.size).toBe(5);
  });

  test("KS X1: an import whose time is over holds nothing: the next one goes on at the same instant", async () => {
    const world = await makeImportWorld(open);
    const lines = Array.from({ length: 6 }, (_, at) => `${at}.zip`);
    for (const [at, line] of lines.entries()) await world.publish(line, { primaries: sampleKeys(6).slice(at, at + 1) });
    world.list(...lines);
    // While the second archive is fetched, a day passes; those leased with it are not begun any more.
    void world.server.nextRequest("/state/1.zip").then(() => world.clock.advance(DAY));
    await world.run();
    const { archives } = await world.status();
    expect(archives.leased).toBe(0);
    expect(archives.open).toBeGreaterThan(0);
    await world.run();
    expect((await world.status()).archives).toMatchObject({ complete: 6, open: 0, leased: 0, retry: 0 });
    await world.close();
  });

  test("KS X6: when another key signs than the seal announces, nothing is published, and nothing is lost", async () => {
    const signingKeys = createMemorySigningKeys();
    for (const name of ["seal", "successor"]) await signingKeys.create(name);
    const world = await makeLocationWorld(open, { signingKeys });
    const rotated = {
      ...signingKeys,
      sign: (_: string, bytes: Uint8Array) => signingKeys.sign("successor", bytes),
    };
    const locations = world.anotherFeature({ signingKeys: rotated });
    const supply = makeSupply({ primaries: makeKeys(0, 3) }, START + HOUR);
    const attempt = locations.append("client", supply, START + HOUR, commitNothing);
    await expect(attempt).rejects.toMatchObject({ code: "location_seal_invalid" });
    expect(await world.blobs.list("client/")).toEqual([]);
    await world.append({ primaries: makeKeys(0, 3) }, START + HOUR);
    await world.feature.publish("client", START + HOUR);
    expect((await world.follower.check()).keys.size).toBe(3);
    expect(world.follower.problems).toEqual([]);
  });
});
