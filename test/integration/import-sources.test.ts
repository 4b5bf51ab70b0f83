// Sources and the keys that are trusted there.

import { generateKeyPairSync } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { DAY, HOUR } from "../../src/core/clock.ts";
import type { Trace } from "../../src/platform/observe/trace.ts";
import { exportWithKeyOfLength, sealExport } from "../support/damaged-archives.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import {
  type ImportWorld,
  makeImportWorld,
  NOW,
  quarantineReasons,
  type WorldOptions,
} from "../support/import-world.ts";
import { buildSample, makeSigner, sampleKeys } from "../support/sample-archives.ts";

describeOnEachDatabase("import: sources", (open) => {
  let world: ImportWorld;
  const make = async (options: WorldOptions = {}) => {
    world = await makeImportWorld(open, options);
    return world;
  };
  afterEach(() => world.close());

  /** One archive under the world's signature, which was discovered and tried until it was complete or quarantined. */
  const settle = async () => {
    await world.publish("a.zip", { primaries: sampleKeys(3) });
    world.list("a.zip");
    await world.run();
    await world.runHours(3);
  };
  const trust = (changes: { from?: number; until?: number; publicKeyPem?: string } = {}) =>
    world.feature.addTrustedKey("state", {
      keyId: "999",
      keyVersion: "v1",
      publicKeyPem: world.signer.pem,
      ...changes,
    });

  describe("a source", () => {
    test("I13: has its region in upper case, whatever was typed", async () => {
      await make({ source: { region: "de-by", headerRegions: ["de"] } });
      expect(world.source).toMatchObject({ region: "DE-BY", headerRegions: ["DE"] });
      expect(await world.feature.listSources()).toEqual([world.source]);
    });

    test.each([
      ["a name twice", {}, "source_exists"],
      ["a region of six letters", { name: "b", region: "ABCDEF" }, "source_invalid"],
      ["an index that is no URL", { name: "b", indexUrl: "index.txt" }, "source_invalid"],
      ["a base on the file system", { name: "b", baseUrl: "file:///tmp" }, "source_invalid"],
      ["no header region", { name: "b", headerRegions: [] }, "source_invalid"],
      ["an end before the beginning", { name: "b", from: NOW, until: NOW }, "source_invalid"],
    ])("cannot have %s", async (_, changes, code) => {
      await make();
      const { name, indexUrl, baseUrl, region } = world.source;
      const added = world.feature.addSource({ name, indexUrl, baseUrl, region, ...changes });
      await expect(added).rejects.toMatchObject({ code });
    });

    test("may put further entries into its zips where that was allowed", async () => {
      await make({ source: { otherEntries: ["readme.txt"] } });
      world.serve("a.zip", await sealExport(exportWithKeyOfLength(sampleKeys(2), 16), world.signer, ["readme.txt"]));
      world.list("a.zip");
      await world.run();
      expect((await world.status()).archives.complete).toBe(1);
    });

    test("that has ended is still imported as far as it was discovered", async () => {
      await make({ source: { until: NOW + 1 } });
      await world.publish("a.zip", { primaries: sampleKeys(3) });
      world.list("a.zip");
      await world.feature.jobs[0]?.run(NOW);
      world.clock.advance(DAY);
      for (const job of world.feature.jobs) await job.run(world.clock.now());
      expect((await world.importedKeys()).size).toBe(3);
    });
  });

  test("a trace names the archive that is worked on, and its source", async () => {
    await make();
    const spans: unknown[] = [];
    const trace: Trace = (name, attributes, work) => {
      spans.push([name, attributes]);
      return work();
    };
    await world.publish("a.zip", { primaries: sampleKeys(3) });
    world.list("a.zip");
    for (const job of world.anotherFeature({ trace }).jobs) await job.run(NOW);
    expect(spans).toContainEqual(["import.archive", { source: "state", line: "a.zip" }]);
  });

  test("one source's trouble stops no other", async () => {
    await make();
    const second = { name: "second", region: "YY", allowPrivateAddresses: true };
    await world.feature.addSource({ ...second, indexUrl: world.source.indexUrl, baseUrl: world.source.baseUrl });
    await world.feature.addTrustedKey("second", { keyId: "999", keyVersion: "v1", publicKeyPem: world.signer.pem });
    await world.publish("a.zip", { primaries: sampleKeys(3) });
    world.list("a.zip");
    let transactions = 0;
    const database = {
      ...world.database,
      transaction: ((work) => {
        if (transactions++ === 0) throw new Error("no connection");
        return world.database.transaction(work);
      }) as typeof world.database.transaction,
    };
    const [discover] = world.anotherFeature({ database }).jobs;
    await expect(discover?.run(NOW)).rejects.toThrow("no connection");
    expect((await world.feature.sourceStatus("second")).archives.open).toBe(1);
    const failure = { event: "import.source-failed", source: "state", reason: "Error: no connection" };
    expect(world.events).toContainEqual(expect.objectContaining(failure));
  });

  describe("a trusted key", () => {
    test("added later opens what was quarantined for want of it", async () => {
      await make({ trust: false });
      await settle();
      expect(quarantineReasons(await world.status())).toEqual({ "a.zip": "archive_untrusted" });
      await trust();
      await world.run();
      expect((await world.importedKeys()).size).toBe(3);
    });

    test("I9: is believed only from its own day on, and opens what waits for it then", async () => {
      await make({ trust: false });
      await trust({ from: NOW + 2 * DAY });
      await settle();
      expect(quarantineReasons(await world.status())).toEqual({ "a.zip": "archive_untrusted" });
      world.clock.set(NOW + 2 * DAY - 1);
      await world.run();
      expect((await world.importedKeys()).size).toBe(0);
      world.clock.advance(1);
      await world.run();
      expect((await world.importedKeys()).size).toBe(3);
    });

    test("is believed no more after its end", async () => {
      await make({ trust: false });
      await trust({ until: NOW });
      await settle();
      expect(quarantineReasons(await world.status())).toEqual({ "a.zip": "archive_untrusted" });
    });

    test("I15: may share its names with another, and each is tried", async () => {
      await make({ trust: false });
      await trust({ publicKeyPem: makeSigner().pem });
      await trust();
      await trust({ publicKeyPem: makeSigner().pem });
      await settle();
      expect((await world.importedKeys()).size).toBe(3);
    });

    test("I17: is retired by itself and not with others of its names", async () => {
      await make({ trust: false });
      const other = makeSigner();
      const [mine] = [await trust(), await trust({ publicKeyPem: other.pem })];
      await world.feature.changeTrustedKey("state", mine, NOW);
      const told = { event: "upstream.trusted-key-changed", source: "state", trustedKeyId: mine, until: NOW };
      expect(world.events).toContainEqual(told);
      world.serve("b.zip", await buildSample([other], { primaries: sampleKeys(5) }));
      await world.publish("a.zip", { primaries: sampleKeys(3) });
      world.list("a.zip", "b.zip");
      await world.run();
      expect((await world.status()).waiting).toMatchObject([{ line: "a.zip", reason: "archive_signature_invalid" }]);
      expect((await world.importedKeys()).size).toBe(5);
      const unknown = world.feature.changeTrustedKey("state", mine + 100, NOW);
      await expect(unknown).rejects.toMatchObject({ code: "trusted_key_unknown" });
    });

    test.each([
      ["text", () => "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"],
      [
        "a key on another curve",
        () => generateKeyPairSync("ec", { namedCurve: "P-384" }).publicKey.export({ type: "spki", format: "pem" }),
      ],
    ])("I18: that is %s is refused when it is added", async (_, makePem) => {
      await make({ trust: false });
      await expect(trust({ publicKeyPem: makePem() })).rejects.toMatchObject({ code: "public_key_invalid" });
      expect((await world.status()).trustedKeys).toEqual([]);
    });

    test("of a source that is not there cannot be added", async () => {
      await make();
      const { pem: publicKeyPem } = world.signer;
      const added = world.feature.addTrustedKey("nobody", { keyId: "999", keyVersion: "v1", publicKeyPem });
      await expect(added).rejects.toMatchObject({ code: "source_unknown" });
    });
  });

  test("the status tells freshness, lag and where every key went", async () => {
    await make();
    await world.publish("a.zip", { primaries: sampleKeys(4), revised: sampleKeys(2) });
    world.list("a.zip", "b.zip");
    await world.run();
    world.clock.advance(HOUR);
    expect(await world.status()).toMatchObject({
      freshnessSeconds: HOUR,
      lagSeconds: HOUR,
      lastCompletedAt: NOW,
      archives: { open: 0, leased: 0, retry: 1, complete: 1, quarantined: 0 },
      indexCheck: { outcome: "listed", checkedAt: NOW },
      waiting: [{ line: "b.zip", reason: "archive_missing", attempts: 1 }],
      keys: { outcomes: { inserted: 4, unchanged: 2 }, refusals: {} },
    });
  });
});
