// Suppliers: listings of one organisation share keys and trust, whichever of them brought a key or a trusted key first.

import { afterEach, beforeEach, expect, test } from "vitest";
import { type ExposureKey, ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import type { ImportSource } from "../../src/features/import/import-types.ts";
import { readSources } from "../../src/features/import/sources/queries.ts";
import { deleteSource } from "../../src/features/import/sources/removal-queries.ts";
import { supplierRoutes } from "../../src/features/upstreams/admin-api.ts";
import type { SupplierBody } from "../../src/features/upstreams/admin-schemas.ts";
import { deleteUpstream } from "../../src/features/upstreams/queries.ts";
import { readTrusted } from "../../src/features/upstreams/trust-queries.ts";
import { migrate } from "../../src/platform/database/migrate.ts";
import { administrationMigrations, startAdminWorld } from "../support/admin-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { type ImportWorld, makeImportWorld } from "../support/import-world.ts";
import { buildSample, sampleKeys } from "../support/sample-archives.ts";

const { confirmed, likely, revoked } = ReportType;

function keysOf(reportType: ReportType, count = 4): KeyBatch {
  return KeyBatch.from(Array.from(sampleKeys(count), (key): ExposureKey => ({ ...key, reportType })));
}

describeOnEachDatabase("a supplier with two listings", (open) => {
  let world: ImportWorld;
  beforeEach(async () => {
    world = await makeImportWorld(open, { source: { supplier: "department" } });
  });
  afterEach(() => world.close());

  async function addListing(supplier?: string): Promise<ImportSource> {
    const at = `${world.server.url}/second`;
    return world.feature.addSource({
      name: "second",
      indexUrl: `${at}/index.txt`,
      baseUrl: at,
      region: "XX",
      allowPrivateAddresses: true,
      ...(supplier === undefined ? {} : { supplier }),
    });
  }

  async function publishAtSecond(line: string, content: { primaries?: KeyBatch; revised?: KeyBatch }): Promise<void> {
    const { primaries = KeyBatch.empty, revised = KeyBatch.empty } = content;
    world.server.put(`/second/${line}`, {
      body: await buildSample([world.signer], { primaries, revised, region: "XX" }),
    });
    world.server.put("/second/index.txt", { body: line });
  }

  async function runSecond(second: ImportSource): Promise<void> {
    await world.feature.discoverArchives(second, world.clock.now());
    await world.feature.importArchives(second, world.clock.now());
  }

  const types = async () => [...(await world.importedKeys()).values()].map(({ reportType }) => reportType);

  test.each([confirmed, revoked])("takes revisions to type %s through any of them", async (reportType) => {
    const second = await addListing("department");
    await world.publish("a.zip", { primaries: keysOf(likely) });
    world.list("a.zip");
    await world.run();
    await publishAtSecond("b.zip", { revised: keysOf(reportType) });
    await runSecond(second);
    expect((await world.feature.sourceStatus("second")).keys.outcomes).toEqual({ revised: 4 });
    expect(await types()).toEqual([reportType, reportType, reportType, reportType]);
  });

  test("applies a revision that came through one once the other brings the original", async () => {
    const second = await addListing("department");
    await publishAtSecond("b.zip", { revised: keysOf(revoked) });
    await runSecond(second);
    await world.publish("a.zip", { primaries: keysOf(likely) });
    world.list("a.zip");
    await world.run();
    expect(await types()).toEqual([revoked, revoked, revoked, revoked]);
  });

  test("shares trusted keys, and distrust through either ends it for both", async () => {
    const second = await addListing("department");
    const [trusted] = (await world.feature.sourceStatus("second")).trustedKeys;
    expect(trusted).toMatchObject({ keyId: "999" });
    await world.feature.changeTrustedKey("second", trusted?.id ?? 0, world.clock.now());
    await world.publish("a.zip", { primaries: keysOf(likely) });
    world.list("a.zip");
    await publishAtSecond("b.zip", { primaries: keysOf(likely) });
    await runSecond(second);
    await world.run();
    for (const name of ["state", "second"]) {
      const { waiting, quarantined } = await world.feature.sourceStatus(name);
      expect([...waiting, ...quarantined].map(({ reason }) => reason)).toEqual(["archive_untrusted"]);
    }
  });

  test("takes up what waits for trust at every listing once one of them is trusted", async () => {
    const second = await addListing("department");
    const [trusted] = (await world.feature.sourceStatus("second")).trustedKeys;
    await world.feature.changeTrustedKey("second", trusted?.id ?? 0, world.clock.now());
    await publishAtSecond("b.zip", { primaries: keysOf(likely) });
    await runSecond(second);
    world.clock.advance(1);
    await world.feature.changeTrustedKey("state", trusted?.id ?? 0, null);
    await runSecond(second);
    expect((await world.feature.sourceStatus("second")).archives).toMatchObject({ complete: 1 });
  });

  test("distrusts a public key under every name that it has", async () => {
    const publicKeyPem = world.signer.pem;
    const until = world.clock.now();
    const id = await world.feature.addTrustedKey("state", { keyId: "", keyVersion: "", publicKeyPem });
    await world.feature.changeTrustedKey("state", id, until);
    const { trustedKeys } = await world.feature.sourceStatus("state");
    expect(trustedKeys.map((one) => [one.keyId, one.until])).toEqual([
      ["999", until],
      ["", until],
    ]);
  });

  test("keeps its trust when the listing at which it was entered is removed", async () => {
    await addListing("department");
    const { db } = world.database;
    const [first, second] = await readSources(db);
    await world.database.transaction(async (tx) => {
      await deleteSource(tx, first?.id ?? 0);
      await deleteUpstream(tx, first?.upstreamId ?? 0);
    });
    expect((await readTrusted(db, [second?.upstreamId ?? 0])).get(second?.upstreamId ?? 0)).toMatchObject([
      { keyId: "999" },
    ]);
  });

  test("is not every source of the same region: another supplier shares neither trust nor keys", async () => {
    await addListing();
    const status = await world.feature.sourceStatus("second");
    expect(status.source.supplier.name).toBe("second");
    expect(status.trustedKeys).toEqual([]);
  });

  test("may turn out to be one: after a merge the keys of both are revised through either", async () => {
    const second = await addListing();
    await migrate(world.database, [administrationMigrations], world.clock);
    const { database, clock } = world;
    const admin = await startAdminWorld({ database, clock, routes: supplierRoutes() });
    try {
      await world.publish("a.zip", { primaries: keysOf(likely) });
      world.list("a.zip");
      await world.run();
      const path = "/v1/suppliers/department/merges";
      expect((await admin.operator.post(path, { into: "second" })).status).toBe(403);
      const merged = await admin.administrator.post<SupplierBody>(path, { into: "second" });
      expect(merged).toMatchObject({
        status: 201,
        body: { name: "second", formerNames: ["department"], listings: 2 },
      });
      expect((await admin.auditor.get<SupplierBody>("/v1/suppliers/department")).body).toEqual(merged.body);
      expect(await admin.administrator.post(path, { into: "second" })).toMatchObject({ status: 409 });
      expect(await admin.administrator.post(path, { into: "nobody" })).toMatchObject({ status: 404 });
      await publishAtSecond("b.zip", { revised: keysOf(revoked) });
      await runSecond(second);
      expect(await types()).toEqual([revoked, revoked, revoked, revoked]);
      // A name that was given up leads to the supplier that has taken over.
      await world.feature.addSource({ ...world.source, name: "third", supplier: "department" });
      expect((await world.feature.sourceStatus("third")).source.supplier.name).toBe("second");
    } finally {
      await admin.close();
    }
  });
});
