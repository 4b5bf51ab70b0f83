// Looking ahead: what a rotation, an adoption or another retention would do is told, and nothing is changed by it.

import { expect, test } from "vitest";
import { buildArchive } from "../../src/archive/build-archive.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { DAY, HOUR, isoTime } from "../../src/core/clock.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import type { LocationBody } from "../../src/features/locations/admin-schemas.ts";
import type { PreviewBody } from "../../src/platform/http/admin/preview-schemas.ts";
import { type ApiWorld, apiWorlds } from "../support/api-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { contentsOf, makeKeys, putForeign, START } from "../support/location-world.ts";
import { makeSigner } from "../support/sample-archives.ts";

const NEXT = { signingKey: "seal", keyId: "262", keyVersion: "v2" };

const show = async (world: ApiWorld, name = "client") =>
  (await world.auditor.get<LocationBody>(`/v1/locations/${name}`)).body;
const lossesOf = ({ effects }: PreviewBody) => effects.filter(({ weight }) => weight === "loses");

describeOnEachDatabase("looking ahead at a location", (open) => {
  const make = apiWorlds(open);

  test("a rotation: what phones of each kind read, and until when", async () => {
    const world = await make();
    await world.append({ primaries: makeKeys(0, 7) }, START + HOUR);
    const before = await show(world);
    const from = isoTime(START + DAY);
    const looked = await world.administrator.post<PreviewBody>("/v1/locations/client/seals/preview", { ...NEXT, from });
    expect(looked.status).toBe(200);
    expect(looked.body.doubts).toEqual([]);
    expect(lossesOf(looked.body)).toEqual([
      {
        who: 'phones that know only the public key "262" "v1"',
        from,
        what: expect.stringMatching(/^refuse every archive/),
        weight: "loses",
      },
      {
        who: 'phones that know only the public key "262" "v2"',
        from: null,
        what: expect.stringMatching(/^refuse the 1 archives \(7 keys\) .* until 2026-12-04T01:00:00Z or later$/),
        weight: "loses",
      },
    ]);
    expect(await show(world)).toEqual(before);
    expect((await world.auditor.get<{ items: unknown[] }>("/v1/audit?kind=location")).body.items).toEqual([]);
    // What was looked at is what is changed.
    const change = (etag: string | null) =>
      world.administrator.post("/v1/locations/client/seals", { ...NEXT, from }, { ifMatch: etag });
    expect(await change(looked.etag)).toMatchObject({ status: 201 });
    expect(await change(looked.etag)).toMatchObject({ status: 412, body: { code: "changed_meanwhile" } });
  });

  test("a rotation that would be refused is refused, and one in doubt says why", async () => {
    const world = await make();
    await world.signingKeys.create("other");
    const preview = (seal: object) => world.administrator.post("/v1/locations/client/seals/preview", seal);
    expect(await preview({ ...NEXT, signingKey: "other", keyVersion: "v1" })).toMatchObject({
      status: 400,
      body: { code: "location_seal_invalid" },
    });
    const far = { ...NEXT, from: isoTime(START + 400 * DAY) };
    expect(await preview(far)).toMatchObject({ status: 200, body: { doubts: [{ name: "years-ahead" }] } });
    expect(await preview({ ...far, reallyMeant: ["years-ahead"] })).toMatchObject({ body: { doubts: [] } });
    expect(await world.operator.post("/v1/locations/client/seals/preview", NEXT)).toMatchObject({ status: 403 });
  });

  test("a rotation that has not begun is called off, and the seal before it goes on", async () => {
    const world = await make();
    const plan = (keyVersion: string, from: number) =>
      world.administrator.post("/v1/locations/client/seals", { ...NEXT, keyVersion, from: isoTime(from) });
    const cancel = (body: object = {}) =>
      world.administrator.post<LocationBody>("/v1/locations/client/seals/cancellation", body);
    const refused = { status: 400, body: { code: "location_seal_invalid" } };
    expect(await cancel()).toMatchObject(refused);
    await plan("v2", START + DAY);
    await plan("v3", START + 2 * DAY);
    expect(await cancel()).toMatchObject({
      ...refused,
      body: { message: expect.stringContaining(isoTime(START + DAY)) },
    });
    const left = (await cancel({ from: isoTime(START + DAY) })).body.seals;
    expect(left.map(({ keyVersion, from, until }) => [keyVersion, from, until])).toEqual([
      ["v1", isoTime(0), isoTime(START + 2 * DAY)],
      ["v3", isoTime(START + 2 * DAY), null],
    ]);
    world.clock.set(START + 2 * DAY);
    expect(await cancel()).toMatchObject(refused);
  });

  test("another retention and grace: who gets less, and what is deleted at once", async () => {
    const world = await make();
    const preview = (body: object) => world.operator.post<PreviewBody>("/v1/locations/client/preview", body);
    expect(lossesOf((await preview({ retentionSeconds: 10 * DAY })).body)).toMatchObject([
      { who: "phones that look less often than every 10 days", from: isoTime(START + 10 * DAY) },
    ]);
    expect(lossesOf((await preview({ retentionSeconds: 20 * DAY, graceSeconds: 3 * DAY })).body)).toEqual([]);
    expect(await preview({ retentionSeconds: DAY })).toMatchObject({
      status: 400,
      body: { code: "location_settings_invalid" },
    });
    await world.append({ primaries: makeKeys(0, 2) }, START + HOUR);
    await world.append({ primaries: makeKeys(5, 2) }, START + 2 * HOUR);
    await world.feature.publish("client", START + 15 * DAY);
    world.clock.set(START + 16 * DAY);
    expect(lossesOf((await preview({ graceSeconds: HOUR })).body)).toMatchObject([
      { what: expect.stringContaining("deleted at once: 1") },
    ]);
    expect(await show(world)).toMatchObject({ graceSeconds: 2 * DAY });
  });

  test("an adoption: every archive is verified, nothing is recorded, and what is too old is told", async () => {
    const world = await make();
    const theirs = makeSigner("310", "v7");
    const lines: string[] = [];
    for (const day of [1, 2, 20]) {
      const content = { region: "XX", primaries: makeKeys(day * 10, 5), revised: KeyBatch.empty };
      const window = { start: START + (day - 1) * DAY, end: START + day * DAY };
      const { bytes } = await buildArchive({ ...content, ...window, signers: [theirs.signer] }, nodeArchiveTools);
      await putForeign(world.blobs, `theirs/${day}.zip`, bytes);
      lines.push(`${day}.zip\n`);
    }
    await putForeign(world.blobs, "theirs/index.txt", lines.join(""));
    const seal = { publicKeyPem: theirs.pem, keyId: "310", keyVersion: "v7" };
    await world.administrator.post("/v1/locations", { name: "theirs", seal });
    world.clock.set(START + 20 * DAY);
    const before = { location: await show(world, "theirs"), blobs: await contentsOf(world.blobs) };
    const preview = () => world.operator.post<PreviewBody>("/v1/locations/theirs/adoption/preview", {});
    const { body } = await preview();
    expect(body.effects).toMatchObject([
      { who: "all phones", what: expect.stringContaining("the same 3 archives (15 keys)"), weight: "stays" },
      { what: expect.stringMatching(/never get the keys of 2 archives \(10 keys\)/), weight: "loses" },
    ]);
    expect({ location: await show(world, "theirs"), blobs: await contentsOf(world.blobs) }).toEqual(before);
    expect(world.events.filter(({ event }) => event === "location.archives-adopted")).toEqual([]);
    await putForeign(world.blobs, "theirs/2.zip", "damaged");
    expect(await preview()).toMatchObject({ status: 409, body: { code: "location_adoption_failed" } });
  });

  test("an adoption of nothing, and one of what is ours, are refused as they would be", async () => {
    const world = await make();
    const preview = () => world.operator.post("/v1/locations/client/adoption/preview", {});
    expect(await preview()).toMatchObject({ status: 409, body: { code: "location_nothing_to_adopt" } });
    await putForeign(world.blobs, "client/index.txt", "\n");
    expect(await preview()).toMatchObject({ status: 409, body: { code: "location_nothing_to_adopt" } });
    await world.blobs.delete("client/index.txt");
    await world.append({ primaries: makeKeys(0, 2) }, START + HOUR);
    expect(await preview()).toMatchObject({ status: 409, body: { code: "location_adopted_already" } });
  });

  test("a foreign key beside an export has to be meant", async () => {
    const world = await make();
    const feeders = [{ kind: "export", name: "main", signs: true }] as const;
    const fed = world.anotherFeature({ readFeeders: async () => feeders });
    const seal = { signingKey: null, publicKeyPem: makeSigner().pem, keyId: "999", keyVersion: "v1", from: START };
    await expect(fed.addSeal("client", seal, START)).rejects.toMatchObject({
      code: "location_seal_doubtful",
      message: expect.stringContaining('the export "main"'),
    });
    await fed.addSeal("client", { ...seal, reallyMeant: ["foreign-key"] }, START);
  });
});
