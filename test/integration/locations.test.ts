// Publishing at a location: content, names and windows, seals.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { buildArchive } from "../../src/archive/build-archive.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { openArchive } from "../../src/archive/open-archive.ts";
import { DAY, HOUR } from "../../src/core/clock.ts";
import { CodedError } from "../../src/core/coded-error.ts";
import { ReportType } from "../../src/core/exposure-key.ts";
import { changeLocation } from "../../src/features/locations/change-location.ts";
import type { Supply } from "../../src/features/locations/location-types.ts";
import { readSeals } from "../../src/features/locations/queries.ts";
import type { BlobStore } from "../../src/platform/blobs/blob-store.ts";
import { openFilesystemBlobs } from "../../src/platform/blobs/filesystem-blobs.ts";
import { createMemoryBlobs } from "../../src/platform/blobs/memory-blobs.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { namesOf } from "../support/index-follower.ts";
import {
  commitNothing,
  type LocationWorldOptions,
  makeKeys,
  makeLocationWorld,
  makeSupply,
  putForeign,
  START,
  sealFrom,
  textOf,
} from "../support/location-world.ts";
import { makeSigner, type SampleSigner } from "../support/sample-archives.ts";

const INDEX = "client/index.txt";

describeOnEachDatabase("locations", (open) => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });
  const make = (options: LocationWorldOptions = {}) => makeLocationWorld(open, options);

  const stores: Record<string, () => Promise<BlobStore>> = {
    memory: async () => createMemoryBlobs(),
    files: async () => {
      const folder = await mkdtemp(join(tmpdir(), "enks-locations-"));
      folders.push(folder);
      return openFilesystemBlobs(folder);
    },
  };

  describe.each(Object.keys(stores))("on a store of %s", (kind) => {
    const makeOnStore = async () => make({ blobs: (await stores[kind]?.()) ?? createMemoryBlobs() });

    test("I10: a supplier's window in the future moves nothing there: later archives go on from now", async () => {
      const world = await make();
      const far = { start: START + 400 * DAY, end: 253_402_300_799 };
      await world.append({ ...far, primaries: makeKeys(0, 2) }, START + HOUR);
      await world.append({ primaries: makeKeys(5, 2) }, START + 2 * HOUR);
      await world.feature.publish("client", START + 2 * HOUR);
      const { lines, problems } = await world.follower.check();
      expect(lines.map((line) => Number(line.split("-")[1]) <= START + 2 * HOUR)).toEqual([true, true]);
      expect(problems).toEqual([]);
    });

    test("what is appended and published reaches a follower, unchanged and once", async () => {
      const world = await makeOnStore();
      const [first, second] = [makeKeys(0, 20), makeKeys(20, 5)];
      await world.append({ primaries: first }, START + HOUR);
      await world.feature.publish("client", START + HOUR);
      await world.follower.check();
      await world.append({ primaries: second }, START + 2 * HOUR);
      await world.feature.publish("client", START + 2 * HOUR);
      const { keys, problems, archives } = await world.follower.check();
      expect(problems).toEqual([]);
      expect(archives).toHaveLength(2);
      expect(keys).toEqual(
        new Map([...first, ...second].map((key) => [Buffer.from(key.keyData).toString("hex"), key])),
      );
    });

    test("I11: the index has LF between its lines, none at its end, and no line before its archive is committed", async () => {
      const world = await makeOnStore();
      await world.append({ primaries: makeKeys(0, 1) }, START + HOUR);
      expect(await world.blobs.get(INDEX)).toBeNull();
      await world.append({ primaries: makeKeys(1, 1) }, START + 2 * HOUR);
      await world.feature.publish("client", START + 2 * HOUR);
      const names = [0, 1].map((hour) => `${START + hour * HOUR}-${START + (hour + 1) * HOUR}-00001.zip`);
      expect(await textOf(world.blobs, INDEX)).toBe(names.join("\n"));
    });
  });

  describe("content", () => {
    test("I20: is published once, whoever supplies it again", async () => {
      const world = await make();
      await world.append({ primaries: makeKeys(0, 10) }, START + HOUR);
      const { remaining, archive } = await world.append(
        { supplier: "mirror:national", primaries: makeKeys(5, 10) },
        START + 2 * HOUR,
      );
      expect(namesOf(remaining.primaries).sort()).toEqual(namesOf(makeKeys(10, 5)).sort());
      expect(remaining).toMatchObject({ leftOut: 5, turnedRevised: 0 });
      expect(archive).not.toBeNull();
      await world.feature.publish("client", START + 2 * HOUR);
      expect((await world.follower.check()).problems).toEqual([]);
    });

    test("of which nothing remains makes no archive, and the supplier's record is committed all the same", async () => {
      const world = await make();
      await world.append({ primaries: makeKeys(0, 3) }, START + HOUR);
      const recorded: (string | null)[] = [];
      const outcome = await world.append({ primaries: makeKeys(0, 3) }, START + 2 * HOUR, async (_, { archive }) => {
        recorded.push(archive?.line ?? null);
      });
      expect(outcome).toMatchObject({ archive: null, remaining: { leftOut: 3 } });
      expect(recorded).toEqual([null]);
    });

    test("is called off when the supplier's record rejects: no line, no object, and the next try publishes it", async () => {
      const world = await make();
      const supplierFails = world.append({ primaries: makeKeys(0, 3) }, START + HOUR, () =>
        Promise.reject(new Error("the supplier was overtaken")),
      );
      await expect(supplierFails).rejects.toThrow("the supplier was overtaken");
      expect(await world.blobs.list("client/")).toEqual([]);
      await world.append({ primaries: makeKeys(0, 3) }, START + HOUR);
      await world.feature.publish("client", START + HOUR);
      expect((await world.follower.check()).keys.size).toBe(3);
      expect(world.follower.problems).toEqual([]);
    });

    test("is padded with what the supplier adds, for the filtered rest only", async () => {
      const world = await make();
      await world.append({ primaries: makeKeys(0, 3) }, START + HOUR);
      const asked: number[] = [];
      const pad: Supply["pad"] = ({ primaries }) => {
        asked.push(primaries.length);
        return makeKeys(100, 7);
      };
      const { padding } = await world.append({ primaries: makeKeys(0, 5), pad }, START + 2 * HOUR);
      expect(asked).toEqual([2]);
      expect(padding.length).toBe(7);
      await world.feature.publish("client", START + 2 * HOUR);
      expect((await world.follower.check()).archives.map((archive) => archive.primaries.length)).toEqual([3, 9]);
    });

    test("waits while storage is full, and is published once there is room", async () => {
      const world = await make();
      const full: BlobStore = {
        ...world.blobs,
        put: () => Promise.reject(new CodedError("blob_storage_full", "There is no room left.")),
      };
      const onFullDisk = world.anotherFeature({ blobs: full });
      const keys = makeSupply({ primaries: makeKeys(0, 3) }, START);
      for (let tries = 0; tries < 3; tries++) {
        await expect(onFullDisk.append("client", keys, START, commitNothing)).rejects.toMatchObject({
          code: "blob_storage_full",
        });
      }
      await world.feature.append("client", keys, START, commitNothing);
      await world.feature.publish("client", START);
      expect((await world.follower.check()).keys.size).toBe(3);
    });

    test("goes on after any number of deaths between object and commit", async () => {
      const world = await make();
      const database = { ...world.database, transaction: () => Promise.reject(new Error("the process died")) };
      const dying = world.anotherFeature({ database });
      const keys = makeSupply({ primaries: makeKeys(0, 1) }, START);
      // As if the objects of these runs were left behind, which a process that dies cannot prevent.
      for (let burnt = 0; burnt < 150; burnt++) {
        await putForeign(world.blobs, `client/${keys.start + burnt}-${START}-00001.zip`, new Uint8Array(1));
      }
      await expect(dying.append("client", keys, START, commitNothing)).rejects.toThrow("died");
      await world.feature.append("client", keys, START, commitNothing);
      await world.feature.publish("client", START);
      expect((await world.follower.check()).keys.size).toBe(1);
      expect(world.follower.problems).toEqual([]);
    });
  });

  describe("names and windows", () => {
    test("I10, I13: rise strictly and never overlap, whoever supplies which window", async () => {
      const world = await make();
      const windows = [
        [4, 8],
        [0, 4], // late
        [4, 8], // the same again
        [5, 6], // inside
        [8, 12],
        [11, 16], // overlapping
        [16, 16], // empty
        [20, 24], // behind a gap
      ] as const;
      for (const [at, [start, end]] of windows.entries()) {
        const window = { start: START + start * HOUR, end: START + end * HOUR };
        await world.append({ ...window, supplier: `mirror:${at}`, primaries: makeKeys(at, 1) }, START + DAY);
        await world.feature.publish("client", START + DAY);
        await world.follower.check();
      }
      expect(world.follower.problems).toEqual([]);
      expect(world.follower.archives).toHaveLength(windows.length);
      const last = world.follower.archives.at(-1)?.header;
      expect([last?.start, last?.end]).toEqual([START + 20 * HOUR, START + 24 * HOUR]);
    });

    test("E10: two locations in one folder do not take each other's names", async () => {
      const world = await make();
      const second = { name: "second", basePrefix: "client/", seal: sealFrom(0) };
      await expect(world.feature.create(second)).rejects.toMatchObject({
        code: "location_settings_invalid",
        message: expect.stringContaining('"client"'),
      });
      await world.feature.create({ ...second, linePrefix: "second-" });
      for (const name of ["client", "second"]) {
        await world.feature.append(name, makeSupply({ primaries: makeKeys(0, 2) }, START), START, commitNothing);
        await world.feature.publish(name, START);
      }
      const lines = [await textOf(world.blobs, INDEX), await textOf(world.blobs, "second/index.txt")];
      expect(new Set(lines).size).toBe(2);
      for (const line of lines) expect(await world.blobs.get(`client/${line}`)).not.toBeNull();
    });

    test.each([
      ["a line with a space", { linePrefix: "a b/" }],
      ["a line that leaves its folder", { linePrefix: "../" }],
      ["a line with a scheme", { linePrefix: "https://cdn/" }],
      ["an object name with a leading slash", { basePrefix: "/client/" }],
      ["an unusable index", { indexObject: "" }],
    ])("are refused when the location is made: %s", async (_, names) => {
      const world = await make();
      const seal = sealFrom(0);
      const creation = world.feature.create({ name: "other", seal, ...names });
      await expect(creation).rejects.toMatchObject({ code: "location_settings_invalid" });
    });

    test.each([{ retentionSeconds: 10 * DAY - 1 }, { retentionSeconds: 1 }, { graceSeconds: 0 }])(
      "keep lines and archives for a while: %j",
      async (change) => {
        const world = await make();
        const refused = { code: "location_settings_invalid" };
        await expect(changeLocation(world, "client", change)).rejects.toMatchObject(refused);
        const creation = world.feature.create({ name: "other", seal: sealFrom(0), ...change });
        await expect(creation).rejects.toMatchObject(refused);
      },
    );

    test("keep lines for ten days, and from an earlier release for as long as they did", async () => {
      const world = await make({ location: { retentionSeconds: DAY } });
      await changeLocation(world, "client", { graceSeconds: 3 * DAY });
      await expect(changeLocation(world, "client", { retentionSeconds: DAY })).rejects.toMatchObject({
        code: "location_settings_invalid",
      });
      await changeLocation(world, "client", { retentionSeconds: 10 * DAY });
    });

    test("tells who supplied what, and when last", async () => {
      const world = await make();
      await world.append({ primaries: makeKeys(0, 3) }, START);
      await world.append(
        { primaries: makeKeys(3, 2), revised: makeKeys(0, 1, { reportType: ReportType.confirmed }) },
        START + DAY,
      );
      const [status] = await world.feature.status(world.database);
      expect(status?.suppliers).toEqual([
        expect.objectContaining({ archives: 2, primaries: 5, revised: 1, lastAppendedAt: START + DAY }),
      ]);
    });

    test("exist once: a second location of the same name or index is refused", async () => {
      const world = await make();
      const seal = sealFrom(0);
      for (const again of [{ name: "client" }, { name: "other", indexObject: INDEX }]) {
        await expect(world.feature.create({ ...again, seal })).rejects.toMatchObject({ code: "location_exists" });
      }
      await expect(world.append({}, START)).resolves.toMatchObject({ archive: null });
      await expect(world.feature.publish("nowhere", START)).rejects.toMatchObject({ code: "location_unknown" });
    });
  });

  describe("the seal", () => {
    test("E7: without a seal valid now nothing is written, and nothing is lost", async () => {
      const world = await make({ location: { seal: sealFrom(START + DAY) } });
      const recorded: string[] = [];
      const attempt = world.append({ primaries: makeKeys(0, 3) }, START + HOUR, async () => void recorded.push("no"));
      await expect(attempt).rejects.toMatchObject({ code: "location_no_seal" });
      expect(await world.blobs.list("client/")).toEqual([]);
      expect(recorded).toEqual([]);
      await world.append({ primaries: makeKeys(0, 3) }, START + DAY);
      await world.feature.publish("client", START + DAY);
      expect((await world.follower.check()).keys.size).toBe(3);
    });

    test("E7: a seal that has ended signs nothing more, and the next one takes over", async () => {
      const world = await make();
      await world.signingKeys.create("next");
      await world.feature.addSeal("client", { signingKey: "next", keyId: "262", keyVersion: "v2", from: START }, START);
      await world.append({ primaries: makeKeys(0, 1) }, START - 1);
      await world.append({ primaries: makeKeys(1, 1) }, START);
      const totals = await world.feature.totals("client");
      expect(totals).toEqual([{ supplier: "export:main", archives: 2, primaries: 2, revised: 0 }]);
      await world.feature.publish("client", START);
      await world.follower.check();
      expect(world.follower.archives).toHaveLength(1);
      expect(world.follower.problems).toEqual([expect.stringMatching(/I15.*archive_untrusted/)]);
    });

    test("whose public key does not belong to its signing key lets nothing out", async () => {
      const world = await make();
      const { pem } = makeSigner();
      await world.feature.addSeal("client", { ...sealFrom(START, "v2"), publicKeyPem: pem }, START);
      const attempt = world.append({ primaries: makeKeys(0, 3) }, START + HOUR);
      await expect(attempt).rejects.toMatchObject({ code: "location_seal_invalid" });
      expect(await world.blobs.list("client/")).toEqual([]);
    });

    test("never gives another public key a name that phones know, not even a name of long ago", async () => {
      const world = await make();
      for (const name of ["next", "third"]) await world.signingKeys.create(name);
      const next = { signingKey: "next", keyId: "262", keyVersion: "v2", from: START };
      await world.feature.addSeal("client", next, START);
      const third = { signingKey: "third", from: START + DAY, keyId: "262" };
      for (const keyVersion of ["v1", "v2"]) {
        await expect(world.feature.addSeal("client", { ...third, keyVersion }, START + DAY)).rejects.toMatchObject({
          code: "location_seal_invalid",
          message: expect.stringContaining(keyVersion),
        });
      }
      // The key that had the name may come back.
      await world.feature.addSeal("client", sealFrom(START + DAY), START + DAY);
      expect((await readSeals(world.database.db, 1)).map(({ keyVersion }) => keyVersion)).toEqual(["v1", "v2", "v1"]);
    });

    test("begins after the one before it", async () => {
      const world = await make();
      await world.feature.addSeal("client", { ...sealFrom(START), keyVersion: "v2" }, START);
      const change = world.feature.addSeal("client", { ...sealFrom(START), keyVersion: "v3" }, START);
      await expect(change).rejects.toMatchObject({ code: "location_seal_invalid" });
    });

    test("of others can only be copied, and only what is under it", async () => {
      const world = await make();
      const [theirs, somebody] = [makeSigner("999", "v1"), makeSigner("888", "v1")];
      await world.feature.create({
        name: "copied",
        seal: { signingKey: null, keyId: "999", keyVersion: "v1", from: 0, publicKeyPem: theirs.pem },
      });
      const content = { ...makeSupply({ primaries: makeKeys(0, 3) }, START), signers: [theirs.signer] };
      await expect(world.feature.append("copied", content, START, commitNothing)).rejects.toMatchObject({
        code: "location_seal_foreign",
      });
      const foreign = await buildArchive({ ...content, signers: [somebody.signer] }, nodeArchiveTools);
      await expect(
        world.feature.appendCopy(
          "copied",
          "mirror:national",
          await openedBy(foreign.bytes, somebody),
          START,
          commitNothing,
        ),
      ).rejects.toMatchObject({ code: "archive_untrusted" });
      const { bytes } = await buildArchive(content, nodeArchiveTools);
      const { archive } = await world.feature.appendCopy(
        "copied",
        "mirror:national",
        await openedBy(bytes, theirs),
        START,
        commitNothing,
      );
      expect(Buffer.from((await world.blobs.get(`copied/${archive?.line}`))?.bytes ?? [])).toEqual(Buffer.from(bytes));
    });

    test("I20: a copy that is asked for twice, by a restored database, stands once", async () => {
      const world = await make();
      const theirs = makeSigner("999", "v1");
      await world.feature.create({
        name: "copied",
        seal: { signingKey: null, keyId: "999", keyVersion: "v1", from: 0, publicKeyPem: theirs.pem },
      });
      const content = { ...makeSupply({ primaries: makeKeys(0, 3) }, START), signers: [theirs.signer] };
      const { bytes } = await buildArchive(content, nodeArchiveTools);
      const source = await openedBy(bytes, theirs);
      await world.feature.appendCopy("copied", "mirror:national", source, START, commitNothing);
      const again = await world.feature.appendCopy("copied", "mirror:national", source, START, commitNothing);
      expect(again).toMatchObject({ archive: null, remaining: { leftOut: 3 } });
    });
  });
});

/** As whoever trusts its signer opens it. */
async function openedBy(bytes: Uint8Array, { trustedKey }: SampleSigner) {
  return { bytes, archive: await openArchive(bytes, { trustedKeys: [trustedKey], now: 0 }, nodeArchiveTools) };
}
