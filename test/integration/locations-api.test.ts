// Locations through the admin API: made, watched, adopted, sealed and changed.

import { describe, expect, test } from "vitest";
import { buildArchive } from "../../src/archive/build-archive.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { DAY, HOUR, isoTime, MINUTE } from "../../src/core/clock.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import type { LocationArchivePage, LocationBody, LocationPage } from "../../src/features/locations/admin-schemas.ts";
import { type ApiWorld, apiWorlds } from "../support/api-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { IndexFollower } from "../support/index-follower.ts";
import { commitNothing, makeKeys, makeSupply, putForeign, runDeletions, START } from "../support/location-world.ts";
import { makeSigner, type SampleSigner } from "../support/sample-archives.ts";

const OWN_SEAL = { signingKey: "seal", keyId: "262", keyVersion: "v1" };

const show = async (world: ApiWorld, name = "client") =>
  (await world.auditor.get<LocationBody>(`/v1/locations/${name}`)).body;

describeOnEachDatabase("the API of locations", (open) => {
  const make = apiWorlds(open);

  describe("making one", () => {
    test("takes what is left out from the name, and its first seal from the signing key", async () => {
      const world = await make();
      const { status, body } = await world.administrator.post<LocationBody>("/v1/locations", {
        name: "state",
        seal: OWN_SEAL,
      });
      expect(status).toBe(201);
      expect(body).toEqual({
        name: "state",
        indexObject: "state/index.txt",
        basePrefix: "state/",
        linePrefix: "",
        retentionSeconds: 14 * DAY,
        graceSeconds: 2 * DAY,
        seals: [
          { ...OWN_SEAL, publicKeyPem: await world.signingKeys.publicKeyPem("seal"), from: isoTime(0), until: null },
        ],
        ours: false,
        listedArchives: 0,
        lastArchive: null,
        newestWindowEnd: null,
        indexCheckedAt: null,
        nextIndexDueAt: null,
        fence: "unchecked",
        lastFailure: null,
      });
      expect(await show(world, "state")).toEqual(body);
    });

    test.each([
      ["a name that is taken", { name: "client" }, 409, "location_exists"],
      ["an index that is taken", { indexObject: "client/index.txt" }, 409, "location_exists"],
      ["a name with a slash", { name: "a/b" }, 400, "location_settings_invalid"],
      ["a tree outside the store", { basePrefix: "../" }, 400, "location_settings_invalid"],
      ["an index that the health check hides", { indexObject: "health" }, 400, "location_settings_invalid"],
      ["an index that uploads hide", { indexObject: "v1/publish" }, 400, "location_settings_invalid"],
      ["an index in a folder that is not served", { name: "enks-probe" }, 400, "location_settings_invalid"],
      ["no retention", { retentionSeconds: 0 }, 400, "request_invalid"],
      ["a retention of an hour", { retentionSeconds: 3_600 }, 400, "location_settings_invalid"],
      ["the prefix of another", { basePrefix: "client/" }, 400, "location_settings_invalid"],
      ["a setting that there is not", { retention: 1 }, 400, "request_invalid"],
      ["no seal", { seal: undefined }, 400, "request_invalid"],
      ["a seal of no key", { seal: { keyId: "1", keyVersion: "1" } }, 400, "location_seal_invalid"],
      ["a seal of two keys", { seal: { ...OWN_SEAL, publicKeyPem: "x" } }, 400, "location_seal_invalid"],
      ["a signing key that is missing", { seal: { ...OWN_SEAL, signingKey: "x" } }, 409, "signing_key_missing"],
      [
        "a public key that is none",
        { seal: { publicKeyPem: "x", keyId: "1", keyVersion: "1" } },
        400,
        "public_key_invalid",
      ],
      ["an instant that is none", { seal: { ...OWN_SEAL, from: "2026-13-01T00:00:00Z" } }, 400, "request_invalid"],
    ])("is refused with %s", async (_, changes, status, code) => {
      const world = await make();
      const wanted = { name: "state", seal: OWN_SEAL, ...changes };
      expect(await world.administrator.post("/v1/locations", wanted)).toMatchObject({ status, body: { code } });
      expect((await world.auditor.get("/v1/locations/state")).status).toBe(404);
    });

    test("and sealing is for administrators, adopting and changing for operators, looking for all", async () => {
      const world = await make();
      const refused = { status: 403, body: { code: "role_insufficient" } };
      expect(await world.operator.post("/v1/locations", { name: "state", seal: OWN_SEAL })).toMatchObject(refused);
      expect(await world.operator.post("/v1/locations/client/seals", OWN_SEAL)).toMatchObject(refused);
      expect(await world.auditor.post("/v1/locations/client/adoption", {})).toMatchObject(refused);
      expect(await world.auditor.patch("/v1/locations/client", { graceSeconds: 1 })).toMatchObject(refused);
      expect(await world.operator.post("/v1/locations/client/adoption", {})).toMatchObject({
        status: 409,
        body: { code: "location_nothing_to_adopt" },
      });
      expect(await world.operator.patch("/v1/locations/client", { graceSeconds: 1 })).toMatchObject({ status: 200 });
    });

    test("several, they are listed by name in pages", async () => {
      const world = await make();
      for (const name of ["a", "d", "b"]) await world.administrator.post("/v1/locations", { name, seal: OWN_SEAL });
      const first = await world.auditor.get<LocationPage>("/v1/locations?limit=3");
      const rest = await world.auditor.get<LocationPage>(`/v1/locations?limit=3&after=${first.body.next}`);
      const names = [first, rest].map(({ body }) => body.items.map(({ name }) => name));
      expect([names, rest.body.next]).toEqual([[["a", "b", "client"], ["d"]], null]);
    });
  });

  describe("watching one", () => {
    test("shows what is appended, when it has to be published, and when it leaves", async () => {
      const world = await make({ location: { retentionSeconds: DAY, graceSeconds: HOUR } });
      for (const hour of [1, 2]) await world.append({ primaries: makeKeys(hour * 10, 3) }, START + hour * HOUR);
      expect(await show(world)).toMatchObject({
        ours: true,
        fence: "unchecked",
        listedArchives: 2,
        lastArchive: { primaries: 3, supplier: "export:main", end: isoTime(START + 2 * HOUR), unlistedAt: null },
        newestWindowEnd: isoTime(START + 2 * HOUR),
        indexCheckedAt: null,
        nextIndexDueAt: isoTime(START + 2 * HOUR),
      });
      await world.feature.publish("client", START + 2 * HOUR + MINUTE);
      expect(await show(world)).toMatchObject({
        fence: "intact",
        indexCheckedAt: isoTime(START + 2 * HOUR + MINUTE),
        nextIndexDueAt: isoTime(START + DAY + HOUR),
      });
      await world.feature.publish("client", START + DAY + HOUR);
      // The newest never leaves.
      expect(await show(world)).toMatchObject({ listedArchives: 1, nextIndexDueAt: null });
    });

    test("shows why its index cannot be published, until it can", async () => {
      const world = await make();
      await world.append({ primaries: makeKeys(0, 3) }, START + HOUR);
      await world.feature.publish("client", START + HOUR);
      const index = await world.blobs.get("client/index.txt");
      await putForeign(world.blobs, "client/index.txt", "other.zip");
      for (const job of world.feature.jobs) await job.run(START + 2 * HOUR);
      expect(await show(world)).toMatchObject({
        fence: "broken",
        indexCheckedAt: isoTime(START + HOUR),
        lastFailure: { at: isoTime(START + 2 * HOUR), code: expect.stringMatching(/^location_/) },
      });
      await putForeign(world.blobs, "client/index.txt", index?.bytes ?? "");
      for (const job of world.feature.jobs) await job.run(START + 3 * HOUR);
      expect(await show(world)).toMatchObject({ fence: "intact", lastFailure: null });
    });

    test("lists its archives, the newest first, deleted ones too", async () => {
      const world = await make({ location: { retentionSeconds: DAY, graceSeconds: HOUR } });
      for (let hour = 1; hour <= 5; hour++) {
        await world.append({ primaries: makeKeys(hour * 10, hour) }, START + hour * HOUR);
      }
      const later = START + DAY + 2 * HOUR;
      await world.feature.publish("client", later);
      await runDeletions(world.feature, later + HOUR);
      const pages: LocationArchivePage[] = [];
      for (let after: string | null = ""; after !== null; ) {
        const path: string = `/v1/locations/client/archives?limit=2${after && `&after=${after}`}`;
        const { body } = await world.auditor.get<LocationArchivePage>(path);
        pages.push(body);
        after = body.next;
      }
      expect(pages.map(({ items }) => items.map(({ primaries }) => primaries))).toEqual([[5, 4], [3, 2], [1]]);
      expect(pages.at(-1)?.items[0]).toMatchObject({
        start: isoTime(START),
        end: isoTime(START + HOUR),
        expiresAt: isoTime(START + DAY + HOUR),
        expiredAt: isoTime(later),
        unlistedAt: isoTime(later),
        deletedAt: isoTime(later + HOUR),
      });
      expect(pages[0]?.items[0]).toMatchObject({ expiredAt: null, unlistedAt: null, deletedAt: null });
    });

    test("says that none follow where a page ends with the last", async () => {
      const world = await make();
      for (const hour of [1, 2]) await world.append({ primaries: makeKeys(hour * 10, 1) }, START + hour * HOUR);
      const { body } = await world.auditor.get<LocationArchivePage>("/v1/locations/client/archives?limit=2");
      expect(body).toMatchObject({ items: [{}, {}], next: null });
    });

    test.each(["", "/archives"])("that there is not: %j", async (path) => {
      const world = await make();
      const { status, body } = await world.auditor.get(`/v1/locations/nowhere${path}`);
      expect([status, body]).toMatchObject([404, { code: "location_unknown" }]);
    });
  });

  describe("changing one", () => {
    test("changes what is named, for archives to come, and leaves the rest", async () => {
      const world = await make();
      await world.append({ primaries: makeKeys(0, 1) }, START + HOUR);
      const { body } = await world.operator.patch("/v1/locations/client", { retentionSeconds: 10 * DAY });
      expect(body).toMatchObject({ retentionSeconds: 10 * DAY, graceSeconds: 2 * DAY });
      await world.append({ primaries: makeKeys(1, 1) }, START + 2 * HOUR);
      const { body: archives } = await world.auditor.get<LocationArchivePage>("/v1/locations/client/archives");
      expect(archives.items.map(({ expiresAt }) => expiresAt)).toEqual([
        isoTime(START + 2 * HOUR + 10 * DAY),
        isoTime(START + HOUR + 14 * DAY),
      ]);
    });

    test("is refused when somebody else did meanwhile", async () => {
      const world = await make();
      const { etag } = await world.auditor.get("/v1/locations/client");
      const first = await world.operator.patch("/v1/locations/client", { graceSeconds: HOUR }, { ifMatch: etag });
      const second = await world.administrator.patch("/v1/locations/client", { graceSeconds: 1 }, { ifMatch: etag });
      expect([first.status, second.status, second.body]).toMatchObject([200, 412, { code: "changed_meanwhile" }]);
      expect(await show(world)).toMatchObject({ graceSeconds: HOUR });
    });

    test.each([
      ["the name", { name: "other" }],
      ["nothing of a second", { graceSeconds: 0.5 }],
      ["for longer than a year", { retentionSeconds: 400 * DAY }],
    ])("does not change %s", async (_, change) => {
      const world = await make();
      const refused = await world.operator.patch("/v1/locations/client", change);
      expect(refused).toMatchObject({ status: 400, body: { code: "request_invalid" } });
    });

    test("adds a seal from an instant on, which ends the one before", async () => {
      const world = await make();
      await world.signingKeys.create("next");
      const next = { signingKey: "next", keyId: "262", keyVersion: "v2", from: isoTime(START + DAY) };
      const { status, body } = await world.administrator.post<LocationBody>("/v1/locations/client/seals", next);
      expect(status).toBe(201);
      expect(body.seals.map(({ keyVersion, from, until }) => [keyVersion, from, until])).toEqual([
        ["v1", isoTime(0), isoTime(START + DAY)],
        ["v2", isoTime(START + DAY), null],
      ]);
    });

    test("adds a seal before one that is still to come, so that a slip of the year locks nobody out", async () => {
      const world = await make();
      const seal = (keyVersion: string, from: number) =>
        world.administrator.post<LocationBody>("/v1/locations/client/seals", {
          ...OWN_SEAL,
          keyVersion,
          from: isoTime(from),
          reallyMeant: ["years-ahead"],
        });
      expect(await seal("v2", START + 36_500 * DAY)).toMatchObject({ status: 201 });
      const { body } = await seal("v3", START + DAY);
      expect(body.seals.map(({ keyVersion, from, until }) => [keyVersion, from, until])).toEqual([
        ["v1", isoTime(0), isoTime(START + DAY)],
        ["v3", isoTime(START + DAY), isoTime(START + 36_500 * DAY)],
        ["v2", isoTime(START + 36_500 * DAY), null],
      ]);
      const refused = { status: 400, body: { code: "location_seal_invalid" } };
      expect(await seal("v4", START + DAY)).toMatchObject(refused);
      world.clock.set(START + 2 * DAY);
      expect(await seal("v4", START)).toMatchObject(refused);
    });

    test("adds no seal before what was published under the one in force", async () => {
      const world = await make();
      await world.append({ primaries: makeKeys(0, 3) }, START + DAY);
      world.clock.set(START + 2 * DAY);
      const seal = (from: number) =>
        world.administrator.post("/v1/locations/client/seals", { ...OWN_SEAL, keyVersion: "v2", from: isoTime(from) });
      expect(await seal(START + DAY - 1)).toMatchObject({
        status: 400,
        body: { code: "location_seal_invalid", message: expect.stringContaining(isoTime(START + DAY)) },
      });
      expect(await seal(START + DAY)).toMatchObject({ status: 201 });
    });

    test.each(["31\n0", "310\u007f", "\u001b[31m310"])(
      "refuses the key id %j, which no table can show",
      async (keyId) => {
        const world = await make();
        const seal = { ...OWN_SEAL, keyId, from: isoTime(START) };
        const refused = await world.administrator.post("/v1/locations/client/seals", seal);
        expect(refused).toMatchObject({ status: 400, body: { code: "request_invalid" } });
      },
    );
  });

  describe("taking over a tree of others", () => {
    const theirs = makeSigner("310", "v7");
    const NOW = START + 2 * DAY;

    async function makeForeign(): Promise<{ world: ApiWorld; follower: IndexFollower }> {
      const world = await make();
      world.clock.set(NOW);
      await writeForeignTree(world, theirs);
      const seal = { publicKeyPem: theirs.pem, keyId: "310", keyVersion: "v7" };
      const created = await world.administrator.post<LocationBody>("/v1/locations", { name: "theirs", seal });
      expect(created.body.seals).toMatchObject([{ signingKey: null, publicKeyPem: theirs.pem }]);
      const follower = new IndexFollower(world.blobs, "theirs", [theirs.trustedKey, world.trustedKey]);
      await follower.check();
      return { world, follower };
    }

    test("adopts it under their public key, and goes on under an own seal without a line lost", async () => {
      const { world, follower } = await makeForeign();
      const before = follower.lines;
      const rotated = await world.administrator.post("/v1/locations/theirs/seals", OWN_SEAL);
      expect(rotated.status).toBe(201);
      const adopted = await world.operator.post("/v1/locations/theirs/adoption", {});
      expect(adopted).toMatchObject({ status: 200, body: { archives: 2 } });
      expect(await show(world, "theirs")).toMatchObject({
        ours: true,
        listedArchives: 2,
        fence: "intact",
        lastArchive: { supplier: "adopted", line: "2.zip" },
      });
      const supply = makeSupply({ primaries: makeKeys(15, 10) }, NOW);
      await world.feature.append("theirs", supply, NOW, commitNothing);
      await world.feature.publish("theirs", NOW);
      await follower.check();
      expect(follower.problems).toEqual([]);
      expect(follower.lines.slice(0, 2)).toEqual(before);
      expect(follower.keys.size).toBe(25);
      expect(follower.archives.map(({ signedBy }) => signedBy.keyId)).toEqual(["310", "310", "262"]);
    });

    test("before it is adopted it is said that it is not, and nothing is written", async () => {
      const { world, follower } = await makeForeign();
      for (const job of world.feature.jobs) await job.run(NOW);
      expect(await show(world, "theirs")).toMatchObject({
        ours: false,
        fence: "not_adopted",
        lastFailure: { code: "location_not_adopted" },
      });
      await world.operator.post("/v1/locations/theirs/adoption", {});
      expect(await show(world, "theirs")).toMatchObject({ ours: true, fence: "intact", lastFailure: null });
      expect((await follower.check()).problems).toEqual([]);
    });

    test("cannot make archives under their seal", async () => {
      const { world } = await makeForeign();
      await world.operator.post("/v1/locations/theirs/adoption", {});
      const supply = makeSupply({ primaries: makeKeys(50, 1) }, NOW);
      await expect(world.feature.append("theirs", supply, NOW, commitNothing)).rejects.toMatchObject({
        code: "location_seal_foreign",
      });
    });

    test("adopts no archive that another location has, since whoever lists it deletes it", async () => {
      const { world } = await makeForeign();
      expect((await world.operator.post("/v1/locations/theirs/adoption", {})).body).toEqual({ archives: 2 });
      await putForeign(world.blobs, "theirs/second.txt", "2.zip\n");
      const tree = { indexObject: "theirs/second.txt", basePrefix: "theirs/", linePrefix: "second-" };
      const seal = { publicKeyPem: theirs.pem, keyId: "310", keyVersion: "v7" };
      await world.administrator.post("/v1/locations", { name: "second", ...tree, seal });
      expect(await world.operator.post("/v1/locations/second/adoption", {})).toMatchObject({
        status: 409,
        body: { code: "location_adoption_failed", message: expect.stringContaining('"theirs" has it already') },
      });
    });

    test("names the archive that cannot be adopted, adopts none, and can be tried again", async () => {
      const { world } = await makeForeign();
      const good = await world.blobs.get("theirs/2.zip");
      await putForeign(world.blobs, "theirs/2.zip", "damaged");
      const refused = await world.operator.post("/v1/locations/theirs/adoption", {});
      expect(refused).toMatchObject({
        status: 409,
        body: {
          code: "location_adoption_failed",
          message: expect.stringContaining("2.zip"),
          remedy: expect.any(String),
        },
      });
      expect(await show(world, "theirs")).toMatchObject({ ours: false, listedArchives: 0 });
      const audit = await world.auditor.get("/v1/audit?kind=location&name=theirs&limit=1");
      expect(audit.body).toMatchObject({ items: [{ outcome: "refused", code: "location_adoption_failed" }] });
      await putForeign(world.blobs, "theirs/2.zip", good?.bytes ?? "");
      expect((await world.operator.post("/v1/locations/theirs/adoption", {})).body).toEqual({ archives: 2 });
    });
  });
});

/** Two archives of ten keys each, as another server wrote them. */
async function writeForeignTree(world: ApiWorld, { signer }: SampleSigner): Promise<void> {
  for (const day of [1, 2]) {
    const content = { region: "XX", primaries: makeKeys(day * 10 - 10, 10), revised: KeyBatch.empty };
    const window = { start: START + (day - 1) * DAY, end: START + day * DAY };
    const { bytes } = await buildArchive({ ...content, ...window, signers: [signer] }, nodeArchiveTools);
    await putForeign(world.blobs, `theirs/${day}.zip`, bytes);
  }
  await putForeign(world.blobs, "theirs/index.txt", "1.zip\n2.zip\n");
}
