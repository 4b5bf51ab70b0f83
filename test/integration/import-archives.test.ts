// What becomes of the keys of an archive, and of an archive that cannot be had or taken.

import { afterEach, describe, expect, test } from "vitest";
import { DEFAULT_LIMITS } from "../../src/archive/archive-types.ts";
import { DAY, HOUR, MINUTE } from "../../src/core/clock.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { saveKeys } from "../../src/features/exposures/save-keys.ts";
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

describeOnEachDatabase("import: archives", (open) => {
  let world: ImportWorld;
  const make = async (options: WorldOptions = {}) => {
    world = await makeImportWorld(open, options);
    return world;
  };
  const requestsFor = (line: string) => world.server.requests.filter((path) => path === `/state/${line}`).length;
  afterEach(() => world.close());

  describe("keys", () => {
    test("arrive with all their values, and what is absent stays absent", async () => {
      await make();
      const [first, second] = sampleKeys(2);
      const bare = { transmissionRisk: null, reportType: null, daysSinceOnset: null };
      if (first === undefined || second === undefined) throw new Error("two keys were made");
      const primaries = KeyBatch.from([first, { ...second, ...bare }]);
      await world.publish("a.zip", { primaries });
      world.list("a.zip");
      await world.run();
      const expected = Array.from(primaries, (key, index) => [primaries.keyHex(index), key] as const);
      expect(await world.importedKeys()).toEqual(new Map(expected));
    });

    test("of 15 bytes are dropped and counted, without harm to their neighbours", async () => {
      await make();
      world.serve("a.zip", await sealExport(exportWithKeyOfLength(sampleKeys(5), 15), world.signer));
      world.list("a.zip");
      await world.run();
      expect((await world.status()).keys).toEqual({ outcomes: { inserted: 5 }, refusals: { key_length: 1 } });
      expect((await world.importedKeys()).size).toBe(5);
    });

    test("I12: too old or from the future are dropped and counted", async () => {
      await make();
      const [key] = sampleKeys(1);
      if (key === undefined) throw new Error("a key was made");
      const shifted = (days: number, mark: number) => ({
        ...key,
        keyData: new Uint8Array(16).fill(mark),
        rollingStart: key.rollingStart + 144 * days,
      });
      await world.publish("a.zip", { primaries: KeyBatch.from([shifted(-15, 1), shifted(5, 2), shifted(0, 3)]) });
      world.list("a.zip");
      await world.run();
      const expected = { outcomes: { inserted: 1 }, refusals: { too_old: 1, in_future: 1 } };
      expect((await world.status()).keys).toEqual(expected);
    });

    test("that a source delivers again are unchanged, and uploads that it brings become its own", async () => {
      await make();
      const request = { regions: ["YY"], traveler: false, now: NOW, revised: KeyBatch.empty };
      await world.database.transaction((tx) =>
        saveKeys(
          tx,
          { ...request, origin: { kind: "upload" }, primaries: sampleKeys(2) },
          { truncateWindowSeconds: HOUR },
        ),
      );
      await world.publish("a.zip", keys(4));
      await world.publish("b.zip", keys(5));
      world.list("a.zip", "b.zip");
      await world.run();
      expect((await world.status()).keys.outcomes).toEqual({ inserted: 3, claimed: 2, unchanged: 4 });
      expect((await world.importedKeys()).size).toBe(5);
    });

    test("I11: a revision that is not allowed is counted and does not stop the others", async () => {
      await make();
      const original = withType(sampleKeys(3), [ReportType.confirmed, ReportType.likely, ReportType.likely]);
      const revised = withType(sampleKeys(3), [ReportType.revoked, ReportType.confirmed, ReportType.revoked]);
      await world.publish("a.zip", { primaries: original });
      await world.publish("b.zip", { revised });
      world.list("a.zip", "b.zip");
      await world.run();
      expect((await world.status()).keys.outcomes).toEqual({ inserted: 3, revised: 2, transition_not_allowed: 1 });
    });

    test("whose revision comes before the original end as revised", async () => {
      await make();
      await world.publish("a.zip", { revised: withType(sampleKeys(2), [ReportType.confirmed, ReportType.revoked]) });
      await world.publish("b.zip", { primaries: withType(sampleKeys(2), [ReportType.likely, ReportType.likely]) });
      world.list("a.zip", "b.zip");
      await world.run();
      expect((await world.status()).keys.outcomes).toEqual({ awaiting: 2, inserted: 2 });
      const types = [...(await world.importedKeys()).values()].map(({ reportType }) => reportType);
      expect(types.sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual([ReportType.confirmed, ReportType.revoked]);
    });

    test("whose original is quarantined and repaired days later end as revised", async () => {
      await make();
      const original = await world.publish("a.zip", { primaries: withType(sampleKeys(1), [ReportType.likely]) });
      world.serve("a.zip", original.slice(0, -1));
      await world.publish("b.zip", { revised: withType(sampleKeys(1), [ReportType.revoked]) });
      world.list("a.zip", "b.zip");
      await world.run();
      await world.runHours(3);
      expect(await world.status()).toMatchObject({ archives: { complete: 1, quarantined: 1 } });
      world.clock.advance(3 * DAY);
      world.serve("a.zip", original);
      await world.run();
      expect((await world.status()).archives).toMatchObject({ complete: 2 });
      const [key] = (await world.importedKeys()).values();
      expect(key?.reportType).toBe(ReportType.revoked);
    });
  });

  describe("an archive that cannot be had", () => {
    test("I1: is tried again until it is there", async () => {
      await make();
      world.list("a.zip");
      await world.run();
      const [waiting] = (await world.status()).waiting;
      expect(waiting).toMatchObject({ state: "retry", reason: "archive_missing", nextAttemptAt: NOW + MINUTE });
      await world.publish("a.zip", keys(3));
      await world.run();
      expect((await world.importedKeys()).size).toBe(0);
      world.clock.advance(MINUTE);
      await world.run();
      expect((await world.importedKeys()).size).toBe(3);
    });

    test("is quarantined as missing after six attempts, and found when it turns up", async () => {
      await make();
      world.list("a.zip");
      await world.run();
      await world.runHours(10);
      expect(quarantineReasons(await world.status())).toEqual({ "a.zip": "archive_missing" });
      expect(requestsFor("a.zip")).toBe(6);
      await world.publish("a.zip", keys(3));
      world.clock.advance(DAY);
      await world.run();
      expect((await world.importedKeys()).size).toBe(3);
    });

    test.each([
      ["a status 503", { status: 503 }, "archive_unavailable"],
      ["a status 429", { status: 429 }, "archive_unavailable"],
      ["a connection that breaks", { body: "0123456789", cutAfter: 5 }, "fetch_cut_short"],
    ])("because of %s expires nothing, and ages are judged at its discovery", async (_, object, reason) => {
      await make();
      world.list("a.zip");
      world.serve("a.zip", object);
      await world.run();
      for (let day = 0; day < 20; day++) {
        world.clock.advance(DAY);
        await world.run();
      }
      expect((await world.status()).waiting).toMatchObject([{ line: "a.zip", reason, attempts: 21 }]);
      await world.publish("a.zip", keys(3));
      world.clock.advance(HOUR);
      await world.run();
      expect((await world.status()).keys).toEqual({ outcomes: { inserted: 3 }, refusals: {} });
    });

    test("because the whole source is away is asked for few times a run", async () => {
      await make();
      const lines = Array.from({ length: 10 }, (_, index) => `${index}.zip`);
      for (const line of lines) world.serve(line, { status: 500 });
      world.list(...lines);
      await world.run();
      expect(world.server.requests.filter((path) => path.endsWith(".zip"))).toHaveLength(3);
      expect(world.events).toContainEqual(expect.objectContaining({ event: "import.source-unreachable" }));
      for (const line of lines) await world.publish(line, keys(2));
      await world.runHours(5);
      expect((await world.status()).archives.complete).toBe(10);
    });

    test("I19: at a private address waits until the source allows that", async () => {
      await make();
      const source = { ...world.source, allowPrivateAddresses: false };
      world.list("a.zip");
      await world.feature.discoverArchives(world.source, NOW);
      await world.feature.importArchives(source, NOW);
      expect((await world.status()).waiting).toMatchObject([{ state: "retry", reason: "fetch_private_address" }]);
    });
  });

  test("I6, I8, I15: damage of every kind is quarantined with its own reason, without harm to its neighbours", async () => {
    await make({ settings: { archiveLimits: { ...DEFAULT_LIMITS, maxKeys: 40, maxExportBytes: 64 * 1024 } } });
    const { signer } = world;
    const good = await world.publish("good.zip", keys(3));
    world.serve("empty.zip", { body: "" });
    world.serve("page.zip", { body: "\n<!doctype html>", contentType: "text/html" });
    world.serve("text.zip", { body: "internal error" });
    world.serve("cut.zip", good.slice(0, good.length - 30));
    world.serve("region.zip", await buildSample([signer], { region: "ZZ" }));
    world.serve("other-name.zip", await buildSample([makeSigner("999", "v2")]));
    world.serve("other-key.zip", await buildSample([makeSigner("999", "v1")]));
    world.serve("short.zip", await sealExport(new TextEncoder().encode("EK Export"), signer));
    world.serve("extra.zip", await sealExport(exportWithKeyOfLength(sampleKeys(1), 16), signer, ["readme.txt"]));
    world.serve("many.zip", await buildSample([signer], keys(41)));
    world.serve("bomb.zip", await sealExport(new Uint8Array(64 * 1024 + 1), signer));
    world.serve("endless.zip", { body: new Uint8Array(33 * 1024 * 1024) });
    const damaged = {
      "empty.zip": "archive_empty",
      "page.zip": "archive_html",
      "text.zip": "archive_not_zip",
      "cut.zip": expect.stringMatching(/^archive_(not_zip|zip_damaged)$/),
      "region.zip": "archive_region_not_allowed",
      "other-name.zip": "archive_untrusted",
      "other-key.zip": "archive_signature_invalid",
      "short.zip": "archive_header_invalid",
      "extra.zip": "archive_entry_unexpected",
      "many.zip": "archive_too_many_keys",
      "bomb.zip": "archive_inflated_too_large",
      "endless.zip": "archive_too_large",
    };
    world.list("good.zip", ...Object.keys(damaged));
    await world.run();
    expect((await world.status()).archives).toMatchObject({ complete: 1, retry: 12 });
    await world.runHours(5);
    expect(quarantineReasons(await world.status())).toEqual(damaged);
    expect((await world.importedKeys()).size).toBe(3);
    for (const { attempts } of (await world.status()).quarantined) expect(attempts).toBe(3);
  });

  test("a quarantined archive is tried again when an operator says so", async () => {
    await make({ source: { headerRegions: ["XX", "yy"] } });
    await world.publish("a.zip", { ...keys(3), region: "ZZ" });
    await world.publish("b.zip", { ...keys(3), region: "YY" });
    world.list("a.zip", "b.zip");
    await world.run();
    await world.runHours(3);
    expect(quarantineReasons(await world.status())).toEqual({ "a.zip": "archive_region_not_allowed" });
    expect(await world.feature.retryArchives("state", "b.zip")).toBe(0);
    expect(await world.feature.retryArchives("state")).toBe(1);
    expect((await world.status()).archives).toMatchObject({ open: 1, complete: 1, quarantined: 0 });
  });

  describe("content", () => {
    test("I20: that changes under the same name is imported", async () => {
      await make();
      await world.publish("a.zip", keys(3));
      world.list("a.zip");
      await world.run();
      await world.publish("a.zip", keys(5));
      world.clock.advance(DAY - 1);
      await world.run();
      expect(requestsFor("a.zip")).toBe(1);
      world.clock.advance(1);
      await world.run();
      expect((await world.importedKeys()).size).toBe(5);
      expect((await world.status()).keys.outcomes).toEqual({ inserted: 2, unchanged: 3 });
    });

    test("that has not changed is asked for once a day and never read again", async () => {
      await make();
      await world.publish("a.zip", keys(3));
      world.list("a.zip");
      await world.run();
      for (let hour = 0; hour < 48; hour++) {
        world.clock.advance(HOUR);
        await world.run();
      }
      expect(requestsFor("a.zip")).toBe(3);
      expect((await world.status()).keys.outcomes).toEqual({ inserted: 3 });
    });

    test("that has not changed at a server without validators is compared and not imported again", async () => {
      await make();
      const body = await world.publish("a.zip", keys(3));
      world.serve("a.zip", { body, withoutEtag: true });
      world.list("a.zip");
      await world.run();
      world.clock.advance(DAY);
      await world.run();
      expect(requestsFor("a.zip")).toBe(2);
      expect((await world.status()).keys.outcomes).toEqual({ inserted: 3 });
    });

    test("that is gone or listed no more stays complete", async () => {
      await make();
      await world.publish("a.zip", keys(3));
      await world.publish("b.zip", keys(3));
      world.list("a.zip", "b.zip");
      await world.run();
      world.server.remove("/state/b.zip");
      world.list("b.zip");
      world.clock.advance(2 * DAY);
      await world.run();
      expect((await world.status()).archives.complete).toBe(2);
      expect([requestsFor("a.zip"), requestsFor("b.zip")]).toEqual([1, 2]);
    });

    test("that stands under two names is saved once", async () => {
      await make();
      world.serve("b.zip", await world.publish("a.zip", keys(3)));
      world.list("a.zip", "b.zip");
      await world.run();
      expect((await world.status()).archives.complete).toBe(2);
      expect((await world.status()).keys.outcomes).toEqual({ inserted: 3, duplicate: 3 });
    });

    test("is looked at again for so many archives in a run", async () => {
      await make({ settings: { recheckPerRun: 2 } });
      const lines = ["a.zip", "b.zip", "c.zip"];
      for (const line of lines) await world.publish(line, keys(2));
      world.list(...lines);
      await world.run();
      world.clock.advance(DAY);
      await world.run();
      expect(lines.map(requestsFor)).toEqual([2, 2, 1]);
      await world.run();
      expect(lines.map(requestsFor)).toEqual([2, 2, 2]);
    });
  });
});

function withType(batch: KeyBatch, types: readonly ReportType[]): KeyBatch {
  return KeyBatch.from(Array.from(batch, (key, index) => ({ ...key, reportType: types[index] ?? null })));
}

function keys(count: number): { primaries: KeyBatch } {
  return { primaries: sampleKeys(count) };
}
