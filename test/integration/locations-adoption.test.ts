// Taking over a tree that another program wrote.

import { expect, test } from "vitest";
import { buildArchive } from "../../src/archive/build-archive.ts";
import { nodeArchiveTools } from "../../src/archive/node-tools.ts";
import { DAY } from "../../src/core/clock.ts";
import { codeOf } from "../../src/core/coded-error.ts";
import { KeyBatch } from "../../src/core/key-batch.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import {
  contentsOf,
  type LocationWorld,
  type LocationWorldOptions,
  makeKeys,
  makeLocationWorld,
  makeSupply,
  putForeign,
  START,
} from "../support/location-world.ts";
import { makeSigner } from "../support/sample-archives.ts";

const INDEX = "client/index.txt";
const LINES = ["keys/day-one.zip", "keys/day-two.zip"];
const NOW = START + 2 * DAY;

describeOnEachDatabase("locations: adoption", (open) => {
  const make = (options: LocationWorldOptions = {}) => makeLocationWorld(open, options);

  test("until a tree that another program wrote is adopted, nothing is written there", async () => {
    const world = await make();
    await writeForeignTree(world);
    const before = await contentsOf(world.blobs);
    const refused = { code: "location_not_adopted" };
    await expect(world.append({ primaries: makeKeys(0, 1) }, NOW)).rejects.toMatchObject(refused);
    await expect(world.feature.publish("client", NOW)).rejects.toMatchObject(refused);
    for (const job of world.feature.jobs) await job.run(NOW);
    expect(await contentsOf(world.blobs)).toEqual(before);
  });

  test("takes a tree with other names and a CRLF index as it is, and the first append goes behind it", async () => {
    const world = await make();
    await writeForeignTree(world);
    await world.follower.check();
    const before = await contentsOf(world.blobs);
    expect(await world.feature.adopt("client", NOW)).toBe(2);
    await expect(world.feature.adopt("client", NOW)).rejects.toMatchObject({ code: "location_adopted_already" });
    await world.feature.publish("client", NOW);
    expect(await contentsOf(world.blobs)).toEqual(before);
    const { remaining } = await world.append({ primaries: makeKeys(15, 10), start: START }, NOW);
    expect(remaining).toMatchObject({ leftOut: 5 });
    await world.feature.publish("client", NOW);
    await world.follower.check();
    expect(world.follower.problems).toEqual([]);
    expect(world.follower.lines.slice(0, 2)).toEqual(LINES);
    expect(world.follower.keys.size).toBe(25);
    expect(world.follower.archives.at(-1)?.header.start).toBe(NOW);
  });

  test.each([
    ["no index", null],
    ["an index without lines", "\r\n"],
  ])("of nothing is refused: %s", async (_what, text) => {
    const world = await make();
    const refused = { code: "location_nothing_to_adopt" };
    if (text !== null) await putForeign(world.blobs, INDEX, text);
    await expect(world.feature.adopt("client", NOW)).rejects.toMatchObject(refused);
    if (text !== null) await world.blobs.delete(INDEX);
    await world.append({ primaries: makeKeys(0, 1) }, NOW);
    await world.feature.publish("client", NOW);
    expect((await world.follower.check()).keys.size).toBe(1);
  });

  test.each([
    ["is missing", async (world: LocationWorld) => world.blobs.delete("client/keys/day-two.zip")],
    [
      "is damaged",
      async (world: LocationWorld) => {
        const { bytes } = (await world.blobs.get("client/keys/day-two.zip")) ?? { bytes: new Uint8Array(0) };
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
        await putForeign(world.blobs, "client/keys/day-two.zip", bytes);
      },
    ],
    [
      "is under another seal",
      async (world: LocationWorld) => {
        const content = { ...makeSupply({ primaries: makeKeys(0, 1) }, NOW), signers: [makeSigner().signer] };
        await putForeign(world.blobs, "client/keys/day-two.zip", (await buildArchive(content, nodeArchiveTools)).bytes);
      },
    ],
  ])("fails whole and names the archive that %s", async (_, damage) => {
    const world = await make();
    await writeForeignTree(world);
    await damage(world);
    const adoption = world.feature.adopt("client", NOW);
    await expect(adoption).rejects.toMatchObject({ code: "location_adoption_failed" });
    await expect(adoption).rejects.toThrow(/keys\/day-two\.zip/);
    expect(await world.feature.totals("client")).toEqual([]);
    await expect(world.append({ primaries: makeKeys(0, 1) }, NOW)).rejects.toMatchObject({
      code: "location_not_adopted",
    });
    await writeForeignTree(world);
    expect(await world.feature.adopt("client", NOW)).toBe(2);
  });

  test("says where it looked for an archive, and advises against changing the tree", async () => {
    const world = await make();
    await writeForeignTree(world, LINES.map((line) => `client/${line}`).join("\n"));
    const adoption = world.feature.adopt("client", NOW);
    await expect(adoption).rejects.toThrow(/no object "client\/client\/keys\/day-one\.zip"/);
    const remedy = expect.stringMatching(/^Change nothing in the tree.*--adopt-from/);
    await expect(adoption).rejects.toMatchObject({ code: "location_adoption_failed", remedy });
  });

  test.each([
    ["a line twice", `${LINES[0]}\n${LINES[1]}\n${LINES[0]}`],
    ["a line with a leading slash", `${LINES[0]}\n/${LINES[1]}`],
    ["an absolute URL", `${LINES[0]}\nhttps://cdn.example/${LINES[1]}`],
    ["a line that leaves its folder", `${LINES[0]}\n../client/${LINES[1]}`],
    ["a page of HTML", "<!doctype html>\n<title>502 Bad Gateway</title>"],
  ])("refuses an index with %s, which could never be written again", async (_, text) => {
    const world = await make();
    await writeForeignTree(world, text);
    await expect(world.feature.adopt("client", NOW)).rejects.toMatchObject({ code: "location_adoption_failed" });
  });

  test("refuses a name that leaves no room for later ones", async () => {
    const world = await make();
    const name = "1795132800000-1795219200000-00001.zip"; // milliseconds
    await writeForeignTree(world, name);
    const archive = await world.blobs.get(`client/${LINES[0]}`);
    await putForeign(world.blobs, `client/${name}`, archive?.bytes ?? "");
    await expect(world.feature.adopt("client", NOW)).rejects.toThrow(/1795132800000/);
  });

  test("by two at once happens once", async () => {
    const world = await make();
    await writeForeignTree(world);
    const results = await Promise.allSettled([
      world.feature.adopt("client", NOW),
      world.anotherFeature().adopt("client", NOW),
    ]);
    const adopted = results.map((result) => (result.status === "fulfilled" ? result.value : codeOf(result.reason)));
    expect(adopted).toContain(2);
    expect(["location_adopted_already", "location_contended"]).toContain(adopted.find((value) => value !== 2));
    expect(await world.feature.totals("client")).toMatchObject([{ supplier: "adopted", archives: 2 }]);
  });
});

/** A tree as some other program writes it, under the location's seal. */
async function writeForeignTree(world: LocationWorld, indexText = `${LINES.join("\r\n")}\r\n`): Promise<void> {
  const signer = { ...world.trustedKey, sign: (bytes: Uint8Array) => world.signingKeys.sign("seal", bytes) };
  for (const [day, line] of LINES.entries()) {
    const window = { start: START + day * DAY, end: START + (day + 1) * DAY, region: "XX" };
    const content = { primaries: makeKeys(day * 10, 10), revised: KeyBatch.empty };
    const { bytes } = await buildArchive({ ...window, ...content, signers: [signer] }, nodeArchiveTools);
    await putForeign(world.blobs, `client/${line}`, bytes);
  }
  await putForeign(world.blobs, INDEX, indexText);
}
