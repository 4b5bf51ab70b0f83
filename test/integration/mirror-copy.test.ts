// A mirror by the copy method: archives as they are, under names of our own.

import { afterEach, expect, test } from "vitest";
import { HOUR } from "../../src/core/clock.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { IndexFollower } from "../support/index-follower.ts";
import { makeKeys, START } from "../support/location-world.ts";
import { type MirrorWorld, makeMirrorWorld, trustIn } from "../support/mirror-world.ts";
import { makeSigner } from "../support/sample-archives.ts";

const worlds: MirrorWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

const nation = makeSigner("310", "v1");
const stranger = makeSigner("666", "v1");

describeOnEachDatabase("a copying mirror", (open) => {
  /** The location "client" carries the national seal, under which others sign. */
  const make = async () => {
    const { keyId, keyVersion } = nation.trustedKey;
    const world = await makeMirrorWorld(open, {
      nation,
      location: { seal: { signingKey: null, keyId, keyVersion, publicKeyPem: nation.pem, from: 0 } },
      settings: { method: "copy" },
    });
    worlds.push(world);
    return { world, follower: new IndexFollower(world.blobs, "client", [nation.trustedKey]) };
  };

  test("leaves the bytes untouched and gives rising names of its own, in the source's order", async () => {
    const { world, follower } = await make();
    const published: Uint8Array[] = [];
    // One that overlaps the one before, one that lies before it.
    for (const [at, end] of [START, START + HOUR / 2, START - HOUR, START + 2 * HOUR].entries()) {
      published.push(await world.publish(`${at}/x.zip`, { primaries: makeKeys(at * 10, 3), end }));
    }
    world.list("0/x.zip", "1/x.zip", "2/x.zip", "3/x.zip");
    await world.run(START + 3 * HOUR);
    await follower.check();
    expect(follower.problems).toEqual([]);
    expect((await bytesOf(world, follower)).map((bytes) => Buffer.from(bytes ?? []))).toEqual(
      published.map((bytes) => Buffer.from(bytes)),
    );
    expect(await world.mirrors.totals("national")).toMatchObject({ archives: 4, primaries: 12 });
  });

  test("publishes the same bytes once, under whatever names the source lists them", async () => {
    const { world, follower } = await make();
    const body = await world.publish("a.zip", { primaries: makeKeys(0, 3) });
    world.serve("again/a.zip", { body });
    world.list("a.zip", "again/a.zip");
    await world.run();
    await world.run();
    expect((await follower.check()).archives).toHaveLength(1);
    expect(follower.problems).toEqual([]);
    expect(await world.mirrors.totals("national")).toMatchObject({ archives: 1, skipped: 1, leftOut: 3 });
  });

  test("refuses an archive that it trusts but that does not carry the location's seal, and goes on from there", async () => {
    const { world, follower } = await make();
    await world.mirrors.addTrustedKey("national", trustIn(stranger));
    await world.publish("a.zip", { primaries: makeKeys(0, 1) });
    await world.publish("b.zip", { primaries: makeKeys(1, 1), end: START, signer: stranger });
    world.list("a.zip", "b.zip");
    await world.run();
    expect(await world.lastError()).toBe("archive_untrusted");
    expect((await follower.check()).lines).toHaveLength(1);
    expect(await world.blobs.list("client/")).toHaveLength(2);

    await world.publish("b.zip", { primaries: makeKeys(1, 1), end: START });
    await world.run();
    expect((await follower.check()).lines).toHaveLength(2);
    expect(follower.problems).toEqual([]);
  });

  test("refuses what it does not trust, even under the location's seal", async () => {
    const { world, follower } = await make();
    for (const { id } of await world.mirrors.trustedKeys("national")) {
      await world.mirrors.changeTrustedKey("national", id, START);
    }
    await world.publish("a.zip", { primaries: makeKeys(0, 1) });
    world.list("a.zip");
    await world.run();
    expect(await world.lastError()).toBe("archive_untrusted");
    expect((await follower.check()).lines).toEqual([]);
  });
});

async function bytesOf(world: MirrorWorld, follower: IndexFollower): Promise<(Uint8Array | undefined)[]> {
  return Promise.all(follower.lines.map(async (line) => (await world.blobs.get(`client/${line}`))?.bytes));
}
