// A mirror whose source misbehaves: archives that cannot be had, indexes that are not to be believed, lines that come and go.

import { afterEach, expect, test } from "vitest";
import { DAY } from "../../src/core/clock.ts";
import type { KeyBatch } from "../../src/core/key-batch.ts";
import { mirrorKind } from "../../src/features/mirror/mirror-kind.ts";
import { skipLine, unskipLine } from "../../src/features/upstreams/skip-lines.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { makeKeys, START } from "../support/location-world.ts";
import {
  type MirrorWorld,
  type MirrorWorldOptions,
  makeMirrorWorld,
  primariesOf,
  requestsFor,
  sortedNames,
} from "../support/mirror-world.ts";
import { makeSigner } from "../support/sample-archives.ts";

const worlds: MirrorWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

describeOnEachDatabase("a mirror of a source that misbehaves", (open) => {
  const make = async (options: MirrorWorldOptions = {}) => {
    const world = await makeMirrorWorld(open, options);
    worlds.push(world);
    return world;
  };
  /** One that has taken `h.zip` as its history. */
  const makeRunning = async (options: MirrorWorldOptions = {}) => {
    const world = await make(options);
    await world.publish("h.zip", { primaries: makeKeys(900, 1) });
    world.list("h.zip");
    await world.run();
    return world;
  };

  test.for([
    ["is missing", { status: 404 }, "archive_missing"],
    ["is damaged", { body: "not a zip" }, "archive_not_zip"],
    ["breaks off", { body: "x".repeat(1_000), cutAfter: 10 }, "fetch_cut_short"],
    ["is in someone else's seal", null, "archive_untrusted"],
  ] as const)("KS M1: behind an archive that %s nothing is published before it", async ([_why, damage, code]) => {
    const world = await makeRunning();
    for (const line of ["a.zip", "c.zip"]) await world.publish(line, { primaries: numbered(line) });
    if (damage) world.serve("b.zip", damage);
    else await world.publish("b.zip", { primaries: makeKeys(98, 1), signer: makeSigner("666", "v1") });
    world.list("h.zip", "a.zip", "b.zip", "c.zip");
    await world.run();
    expect((await primariesOf(world)).slice(1)).toEqual([sortedNames(makeKeys(97, 1))]);
    expect(await world.lastError()).toBe(code);

    await world.publish("b.zip", { primaries: makeKeys(98, 1) });
    await world.run();
    expect((await primariesOf(world)).slice(1)).toEqual([97, 98, 99].map((name) => sortedNames(makeKeys(name, 1))));
    expect(await world.lastError()).toBeNull();
    expect(requestsFor(world, "a.zip")).toBe(1);
  });

  const asked = { by: "otto", now: START + DAY };
  const skip = (world: MirrorWorld, line: string) =>
    world.database.transaction((tx) => skipLine(tx, mirrorKind, "national", line, "lost at the source", asked));
  const unskip = (world: MirrorWorld, line: string) =>
    world.database.transaction((tx) => unskipLine(tx, mirrorKind, "national", line, asked));

  test("an archive that never comes is skipped on an operator's word, and taken when that is undone", async () => {
    const world = await makeRunning();
    for (const line of ["a.zip", "c.zip"]) await world.publish(line, { primaries: numbered(line) });
    world.serve("b.zip", { status: 451 });
    world.list("h.zip", "a.zip", "b.zip", "c.zip");
    await world.run();
    await skip(world, "b.zip");
    await expect(skip(world, "b.zip")).rejects.toMatchObject({ code: "upstream_line_skipped" });
    await world.run();
    expect((await primariesOf(world)).slice(1)).toEqual([97, 99].map((name) => sortedNames(makeKeys(name, 1))));
    expect(await world.lastError()).toBeNull();

    await world.publish("b.zip", { primaries: makeKeys(98, 1) });
    await unskip(world, "b.zip");
    await expect(unskip(world, "b.zip")).rejects.toMatchObject({ code: "upstream_line_not_skipped" });
    await world.run();
    expect((await primariesOf(world)).at(-1)).toEqual(sortedNames(makeKeys(98, 1)));
  });

  test("a skipped line that leaves the source's middle stops nothing", async () => {
    const world = await makeRunning();
    await world.publish("c.zip", { primaries: numbered("c.zip") });
    world.serve("b.zip", { status: 404 });
    world.list("h.zip", "b.zip", "c.zip");
    await world.run();
    await skip(world, "b.zip");
    await world.run();
    await world.publish("d.zip", { primaries: numbered("d.zip") });
    world.list("h.zip", "c.zip", "d.zip");
    await world.run();
    expect(await world.lastError()).toBeNull();
    expect((await primariesOf(world)).at(-1)).toEqual(sortedNames(numbered("d.zip")));
  });

  test("a mistyped line is refused with what is listed, and stops nothing", async () => {
    const world = await makeRunning();
    world.serve("us/1-2-00001.zip", { status: 404 });
    world.list("h.zip", "us/1-2-00001.zip");
    await world.run();
    await expect(skip(world, "us/1-2-0001.zip")).rejects.toMatchObject({
      code: "upstream_line_unknown",
      remedy: 'Listed, and nearest to it: "us/1-2-00001.zip".',
    });
    await expect(skip(world, "h.zip")).rejects.toMatchObject({ code: "upstream_line_taken" });
  });

  test("a run that is at an archive while it is skipped publishes nothing of it", async () => {
    const world = await makeRunning();
    await world.publish("b.zip", { primaries: makeKeys(98, 1) });
    world.serve("b.zip", { status: 503 });
    world.list("h.zip", "b.zip");
    await world.run();
    await world.publish("b.zip", { primaries: makeKeys(98, 1) });
    const locations = {
      ...world.feature,
      async append(...given: Parameters<MirrorWorld["feature"]["append"]>) {
        await skip(world, "b.zip");
        return world.feature.append(...given);
      },
    };
    await world.run(START, world.anotherMirror({ locations }));
    expect(await world.lastError()).toBe("mirror_overtaken");
    await world.run();
    expect(await world.lastError()).toBeNull();
    expect(await primariesOf(world)).toHaveLength(1);
  });

  test("a damaged archive in the history: what stands before it is published, and the rest goes on as history", async () => {
    const world = await make();
    for (const at of [0, 1, 3, 4]) await world.publish(`${at}.zip`, { primaries: makeKeys(at * 10, 2) });
    world.list("0.zip", "1.zip", "2.zip", "3.zip", "4.zip");
    await world.run();
    expect(await primariesOf(world)).toEqual([sortedNames(makeKeys(0, 2), makeKeys(10, 2))]);
    await world.run();
    expect(await primariesOf(world)).toHaveLength(1);

    await world.publish("2.zip", { primaries: makeKeys(20, 2) });
    await world.run();
    expect((await primariesOf(world)).slice(1)).toEqual([
      sortedNames(makeKeys(20, 2), makeKeys(30, 2), makeKeys(40, 2)),
    ]);
  });

  test("a damaged archive stops the mirror no longer than the source lists it", async () => {
    const world = await makeRunning();
    await world.publish("b.zip", { primaries: makeKeys(1, 1) });
    world.list("h.zip", "gone.zip", "b.zip");
    await world.run();
    world.list("h.zip", "b.zip");
    await world.run();
    expect((await primariesOf(world)).slice(1)).toEqual([sortedNames(makeKeys(1, 1))]);
  });

  test.for([
    ["is empty", { body: "" }, "mirror_source_shrank"],
    ["is blank", { body: "\n \n" }, "mirror_source_shrank"],
    ["is an HTML page", { body: "<html>x.zip</html>", contentType: "text/html" }, "index_html"],
    ["is an HTML page that claims to be text", { body: "<!doctype html>\nx.zip" }, "index_html"],
    ["lost its end", { body: "h.zip\na.zip\nx.zip" }, "mirror_source_shrank"],
    ["has a hole", { body: "h.zip\nb.zip\nx.zip" }, "mirror_source_shrank"],
    ["lists other lines", { body: "x.zip" }, "mirror_source_shrank"],
    ["is not there", { status: 404 }, "index_missing"],
    ["fails", { status: 503, body: "busy" }, "index_unavailable"],
  ] as const)("KS M6: an index that %s changes nothing", async ([_why, index, code]) => {
    const world = await makeRunning();
    for (const line of ["a.zip", "b.zip", "x.zip"]) await world.publish(line, { primaries: numbered(line) });
    world.list("h.zip", "a.zip", "b.zip");
    await world.run();
    const standing = await primariesOf(world);
    expect(standing).toHaveLength(3);

    world.server.put("/national/index.txt", index);
    await world.run();
    expect(await primariesOf(world)).toEqual(standing);
    expect(await world.lastError()).toBe(code);

    world.list("h.zip", "a.zip", "b.zip", "x.zip");
    await world.run();
    expect(await primariesOf(world)).toEqual([...standing, sortedNames(numbered("x.zip"))]);
    expect(await world.lastError()).toBeNull();
  });

  test("an index that is no list of archives is refused from the first run on", async () => {
    const world = await make();
    for (const body of [
      "Service unavailable",
      "OK",
      "<html>",
      '{"error":1}',
      "../secret.zip",
      "https://elsewhere/a.zip",
    ]) {
      world.server.put("/national/index.txt", { body });
      await world.run();
      expect(await world.lastError()).not.toBeNull();
    }
    world.server.put("/national/index.txt", { body: "" });
    await world.run();
    expect(await world.lastError()).toBeNull();
    expect(await primariesOf(world)).toEqual([]);
  });

  test("lines that expire from the source's head change nothing here", async () => {
    const world = await makeRunning();
    for (const line of ["a.zip", "b.zip", "c.zip"]) await world.publish(line, { primaries: numbered(line) });
    world.list("h.zip", "a.zip", "b.zip");
    await world.run();
    world.list("b.zip", "c.zip");
    await world.run();
    expect((await primariesOf(world)).slice(1)).toEqual(
      ["a.zip", "b.zip", "c.zip"].map((line) => sortedNames(numbered(line))),
    );
  });

  test("a line that the source puts into its middle comes behind, and leaves the source later without a stop", async () => {
    const world = await makeRunning();
    for (const line of ["a.zip", "b.zip", "c.zip"]) await world.publish(line, { primaries: numbered(line) });
    world.list("h.zip", "b.zip");
    await world.run();
    world.list("h.zip", "a.zip", "b.zip");
    await world.run();
    world.list("b.zip", "c.zip");
    await world.run(START + 13 * DAY);
    expect((await primariesOf(world)).slice(1)).toEqual(
      ["b.zip", "a.zip", "c.zip"].map((line) => sortedNames(numbered(line))),
    );
  });

  test("a source that begins to write its lines with a slash, or lists one twice, lists nothing new", async () => {
    const world = await makeRunning();
    await world.publish("a.zip", { primaries: numbered("a.zip") });
    world.list("/h.zip", "/h.zip", "h.zip", "/a.zip");
    await world.run();
    expect(await world.lastError()).toBeNull();
    expect((await primariesOf(world)).slice(1)).toEqual([sortedNames(numbered("a.zip"))]);
    expect(requestsFor(world, "h.zip")).toBe(1);
  });

  test("what left the source long ago is forgotten, and what it may still list is not", async () => {
    const world = await makeRunning();
    for (const line of ["a.zip", "b.zip", "c.zip"]) await world.publish(line, { primaries: numbered(line) });
    world.list("h.zip", "a.zip");
    await world.run();
    world.list("a.zip", "b.zip");
    await world.run(START + 61 * DAY);
    expect(await world.mirrors.totals("national")).toMatchObject({ archives: 2 });
    world.list("a.zip", "b.zip", "c.zip");
    await world.run(START + 62 * DAY);
    expect((await primariesOf(world)).at(-1)).toEqual(sortedNames(numbered("c.zip")));
    expect(["a.zip", "b.zip", "c.zip"].map((line) => requestsFor(world, line))).toEqual([1, 1, 1]);
  });
});

/** One key of its own for each line. */
function numbered(line: string): KeyBatch {
  return makeKeys(line.charCodeAt(0), 1);
}
