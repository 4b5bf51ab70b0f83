// A location that is empty moves to where its tree is, clear of others, and every move is looked at before it is made.

import { expect, test } from "vitest";
import { HOUR, isoTime } from "../../src/core/clock.ts";
import type { LocationBody } from "../../src/features/locations/admin-schemas.ts";
import type { PreviewBody } from "../../src/platform/http/admin/preview-schemas.ts";
import { type ApiWorld, apiWorlds } from "../support/api-world.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { contentsOf, makeKeys, makeSupply, putForeign, START, textOf } from "../support/location-world.ts";

const SECOND = "/v1/locations/second";
const PLACES = { indexObject: "exports/index.txt", basePrefix: "", linePrefix: "exports/" };

const append = (world: ApiWorld, feature = world.feature) =>
  feature.append("second", makeSupply({ primaries: makeKeys(0, 5) }, START + HOUR), START + HOUR, async () => {});

describeOnEachDatabase("moving a location", (open) => {
  const makeWorld = apiWorlds(open);

  /** With a second location, which is empty. */
  async function make(): Promise<ApiWorld> {
    const world = await makeWorld();
    const seal = { signingKey: "seal", keyId: "262", keyVersion: "v1", from: isoTime(0) };
    await world.administrator.post("/v1/locations", { name: "second", seal });
    return world;
  }

  test("goes to where its tree is, and only before its first archive", async () => {
    const world = await make();
    expect((await world.operator.patch(SECOND, PLACES)).body).toMatchObject(PLACES);
    await append(world);
    await world.feature.publish("second", START + HOUR);
    expect(await textOf(world.blobs, PLACES.indexObject)).toMatch(/^exports\/[0-9-]+\.zip$/);
    const refused = { status: 400, body: { code: "location_settings_invalid" } };
    expect(await world.operator.patch(SECOND, { linePrefix: "" })).toMatchObject(refused);
    expect(await world.operator.post(`${SECOND}/preview`, { linePrefix: "" })).toMatchObject(refused);
    expect(await world.operator.patch(SECOND, { ...PLACES, graceSeconds: HOUR })).toMatchObject({ status: 200 });
  });

  test.each([
    ["the index of another", { indexObject: "client/index.txt" }, 409, "location_exists"],
    ["the archives of another", { basePrefix: "client/" }, 400, "location_settings_invalid"],
    ["an index that is a folder of another", { indexObject: "client" }, 400, "location_settings_invalid"],
    ["a name that no store takes", { basePrefix: "/up/" }, 400, "location_settings_invalid"],
  ])("never goes to %s; the preview says so too", async (_what, places, status, code) => {
    const world = await make();
    const refused = { status, body: { code } };
    expect(await world.operator.patch(SECOND, places)).toMatchObject(refused);
    expect(await world.operator.post(`${SECOND}/preview`, places)).toMatchObject(refused);
  });

  test("is looked at: what is there already, and what new archives are called", async () => {
    const world = await make();
    const before = (await world.auditor.get<LocationBody>(SECOND)).body;
    const look = async (body: object) => (await world.operator.post<PreviewBody>(`${SECOND}/preview`, body)).body;
    const [index, archives, there] = (await look(PLACES)).effects;
    expect(index?.what).toContain("exports/index.txt instead of second/index.txt");
    expect(archives?.what).toContain('begin with "exports/"');
    expect(there?.what).toContain("not there yet");
    await putForeign(world.blobs, PLACES.indexObject, "exports/a.zip\nexports/b.zip\n");
    const both = (await look({ ...PLACES, retentionSeconds: 10 * 86_400 })).effects;
    expect(both.map(({ what }) => what).join("\n")).toContain("has 2 lines; nothing is published until it is adopted");
    expect(both.map(({ weight }) => weight)).toContain("loses");
    expect((await look({ basePrefix: "second/" })).effects).toEqual([]);
    expect((await world.auditor.get<LocationBody>(SECOND)).body).toEqual(before);
  });

  test("lets no writer go on with the place that it read before", async () => {
    const world = await make();
    await putForeign(world.blobs, PLACES.indexObject, "exports/a.zip\n");
    const before = await contentsOf(world.blobs);
    let moves = 0;
    const late = world.anotherFeature({
      blobs: {
        ...world.blobs,
        put: async (name, bytes, options) => {
          if (moves++ === 0) await world.operator.patch(SECOND, PLACES);
          return world.blobs.put(name, bytes, options);
        },
      },
    });
    await expect(append(world, late)).rejects.toMatchObject({ code: "location_not_adopted" });
    expect(moves).toBe(1);
    expect(await contentsOf(world.blobs)).toEqual(before);
    expect((await world.auditor.get<LocationBody>(SECOND)).body).toMatchObject({ ours: false });
  });

  test("lets no writer take the index of the old place for that of the new one", async () => {
    const world = await make();
    await putForeign(world.blobs, PLACES.indexObject, "exports/a.zip\n");
    let reads = 0;
    const early = world.anotherFeature({
      blobs: {
        ...world.blobs,
        get: async (name) => {
          const blob = await world.blobs.get(name);
          if (reads++ === 0) await world.operator.patch(SECOND, PLACES);
          return blob;
        },
      },
    });
    await expect(append(world, early)).rejects.toMatchObject({ code: "location_not_adopted" });
  });
});
