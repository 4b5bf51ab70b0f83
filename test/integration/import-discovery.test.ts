// How the import reads an index: whatever it answers, nothing is ever discarded.

import { afterEach, describe, expect, test } from "vitest";
import { DAY } from "../../src/core/clock.ts";
import { describeOnEachDatabase } from "../support/databases.ts";
import { type ImportWorld, makeImportWorld, NOW, type WorldOptions } from "../support/import-world.ts";
import { sampleKeys } from "../support/sample-archives.ts";

const INDEX = "/state/index.txt";
const FORGET_SECONDS = 60 * DAY;

describeOnEachDatabase("import: the index", (open) => {
  let world: ImportWorld;
  const make = async (options: WorldOptions = {}) => {
    world = await makeImportWorld(open, options);
    return world;
  };
  const discover = () => world.feature.discoverArchives(world.source, world.clock.now());
  const waitingLines = async () => (await world.status()).waiting.map(({ line }) => line);
  afterEach(() => world.close());

  test("with CRLF, a blank line and no final line end lists its archives in their order", async () => {
    await make();
    world.server.put(INDEX, { body: "c.zip\r\n\r\n/a.zip\n  //b.zip " });
    expect(await discover()).toEqual({ outcome: "listed", code: null, added: 3 });
    expect(await waitingLines()).toEqual(["c.zip", "a.zip", "b.zip"]);
  });

  test("is not read again while it has not changed", async () => {
    await make();
    world.list("a.zip");
    await discover();
    expect(await discover()).toEqual({ outcome: "unchanged", code: null, added: 0 });
  });

  test("with new lines adds those and keeps the day of discovery of the others", async () => {
    await make();
    world.list("a.zip");
    await discover();
    world.clock.advance(DAY);
    world.list("a.zip", "b.zip");
    expect(await discover()).toMatchObject({ added: 1 });
    const { waiting, lagSeconds } = await world.status();
    expect(waiting.map(({ discoveredAt }) => discoveredAt)).toEqual([NOW, NOW + DAY]);
    expect(lagSeconds).toBe(DAY);
  });

  test("forgets an archive that is settled once it has not listed it for long, and no other", async () => {
    await make();
    await world.publish("a.zip", { primaries: sampleKeys(1) });
    await world.publish("b.zip", { primaries: sampleKeys(2) });
    world.list("a.zip", "b.zip", "waits.zip");
    await world.run();
    world.list("b.zip");
    await discover();
    const cleanUp = world.feature.jobs.find(({ name }) => name === "clean-up-imports");
    const known = async () => (await world.status()).archives;
    await cleanUp?.run(NOW + FORGET_SECONDS);
    expect(await known()).toMatchObject({ complete: 2, retry: 1 });
    await cleanUp?.run(NOW + FORGET_SECONDS + 1);
    expect(await known()).toMatchObject({ complete: 1, retry: 1 });
    // What is listed stays, or it would be imported again.
    world.list("b.zip", "c.zip");
    expect(await discover()).toMatchObject({ added: 1 });
  });

  describe("that is none", () => {
    test.each([
      ["I4: an HTML page with status 200", { body: "<html>Not found</html>", contentType: "text/html" }, "index_html"],
      ["I4: an HTML page that says it is text", { body: "<!doctype html>" }, "index_html"],
      ["I4: a JSON error with status 200", { body: '{"error":"gone"}' }, "index_html"],
      ["I4: a page with status 404", { status: 404, body: "a.zip" }, "index_missing"],
      ["I4: a page with status 503", { status: 503, body: "a.zip" }, "index_unavailable"],
      ["I6: a body without end", { body: "a".repeat(1024 * 1024 + 1) }, "fetch_too_large"],
      ["a body that is cut short", { body: "a.zip\nb.zip", cutAfter: 7 }, "fetch_cut_short"],
      ["UTF-16", { body: Buffer.from("a.zip", "utf16le") }, "index_not_text"],
    ])("%s is recorded and changes nothing", async (_, object, code) => {
      await make();
      world.list("x.zip", "y.zip");
      await discover();
      world.server.put(INDEX, object);
      expect(await discover()).toEqual({ outcome: "failed", code, added: 0 });
      expect(await waitingLines()).toEqual(["x.zip", "y.zip"]);
      expect((await world.status()).indexCheck).toMatchObject({ outcome: "failed", code, refusedLineCount: 0 });
      expect(world.events).toContainEqual(expect.objectContaining({ event: "import.index-failed", code }));
    });

    test("does not make a source look fresh", async () => {
      await make();
      world.list("x.zip");
      await discover();
      world.clock.advance(3 * DAY);
      world.server.remove(INDEX);
      await discover();
      expect((await world.status()).freshnessSeconds).toBe(3 * DAY);
    });
  });

  test("I5: an empty index discards nothing", async () => {
    await make();
    await world.publish("a.zip", { primaries: sampleKeys(3) });
    world.list("a.zip", "b.zip");
    await world.run();
    world.list();
    for (let time = 0; time < 2; time++) {
      expect(await discover()).toEqual({ outcome: "suspicious", code: "index_empty", added: 0 });
    }
    expect((await world.status()).archives).toMatchObject({ complete: 1, retry: 1 });
    await world.publish("b.zip", { primaries: sampleKeys(6) });
    world.clock.advance(DAY);
    await world.feature.importArchives(world.source, world.clock.now());
    expect((await world.status()).archives).toMatchObject({ complete: 2 });
    expect((await world.importedKeys()).size).toBe(6);
  });

  test("I5: an index that shrinks is suspicious, and what it lost is imported all the same", async () => {
    await make();
    for (const line of ["a.zip", "b.zip", "c.zip"]) await world.publish(line, { primaries: sampleKeys(2) });
    world.list("a.zip", "b.zip", "c.zip");
    await discover();
    world.list("a.zip");
    expect(await discover()).toMatchObject({ outcome: "suspicious", code: "index_lost_lines" });
    expect(await discover()).toMatchObject({ outcome: "listed" });
    await world.feature.importArchives(world.source, NOW);
    expect(await world.status()).toMatchObject({ archives: { complete: 3 }, indexCheck: { suspiciousCount: 1 } });
  });

  test("I5: a line that comes back is the archive it was", async () => {
    await make();
    world.list("a.zip", "b.zip");
    await discover();
    world.list("a.zip");
    await discover();
    world.clock.advance(DAY);
    world.list("a.zip", "b.zip");
    expect(await discover()).toEqual({ outcome: "listed", code: null, added: 0 });
    expect((await world.status()).waiting.map(({ discoveredAt }) => discoveredAt)).toEqual([NOW, NOW]);
    world.list("a.zip");
    expect(await discover()).toMatchObject({ outcome: "suspicious", code: "index_lost_lines" });
  });

  test("I5: an empty index does not make the next loss look like a beginning", async () => {
    await make();
    for (const lines of [["a.zip", "b.zip"], [], ["a.zip"]]) {
      world.list(...lines);
      await discover();
    }
    expect((await world.status()).indexCheck).toMatchObject({ code: "index_lost_lines", suspiciousCount: 2 });
  });

  test("that loses expired lines from its head is as it should be", async () => {
    await make();
    world.list("a.zip", "b.zip", "c.zip");
    await discover();
    world.list("b.zip", "c.zip", "d.zip");
    expect(await discover()).toEqual({ outcome: "listed", code: null, added: 1 });
  });

  test("of a source that has exported nothing yet is empty without suspicion", async () => {
    await make();
    world.list();
    expect(await discover()).toEqual({ outcome: "listed", code: null, added: 0 });
  });

  test("I16: a line that leads elsewhere is refused and recorded by itself", async () => {
    await make();
    world.list("a.zip", "../secret.zip", "https://other.example/x.zip", "b.zip?x", "c.zip");
    expect(await discover()).toMatchObject({ outcome: "listed", added: 2 });
    expect(await waitingLines()).toEqual(["a.zip", "c.zip"]);
    expect((await world.status()).indexCheck.refusedLines).toEqual([
      { line: "../secret.zip", reason: "line_leaves_base" },
      { line: "https://other.example/x.zip", reason: "line_absolute_url" },
      { line: "b.zip?x", reason: "line_query" },
    ]);
  });

  test("may hold lines of anything at all", async () => {
    await make();
    world.list(`${"x".repeat(999)}\u{1f600}`, "a\u0001\u{1f600}\u200b\ufffe\u0007z", "a.zip");
    expect(await discover()).toMatchObject({ outcome: "listed", added: 1 });
    expect((await world.status()).indexCheck.refusedLineCount).toBe(2);
  });

  test("of thousands of lines is taken in whole and in order, and more than the limit not at all", async () => {
    await make({ settings: { indexMaxLines: 5_000 } });
    const lines = Array.from({ length: 5_000 }, (_, index) => `state/${1e9 - index}-00001.zip`);
    world.list(...lines);
    expect(await discover()).toMatchObject({ added: 5_000 });
    expect(await waitingLines()).toEqual(lines);
    world.list(...lines, "one-more.zip");
    expect(await discover()).toMatchObject({ outcome: "failed", code: "index_too_many_lines" });
  });

  test("read twice at once adds every line once", async () => {
    await make();
    world.list("a.zip", "b.zip");
    const other = world.anotherFeature();
    const found = await Promise.all([discover(), other.discoverArchives(world.source, NOW)]);
    expect(found.map(({ added }) => added).sort((a, b) => a - b)).toEqual([0, 2]);
    expect(await waitingLines()).toEqual(["a.zip", "b.zip"]);
  });

  test("that was asked for before another but came after it is dropped", async () => {
    await make();
    const held = Promise.withResolvers<void>();
    world.server.put(INDEX, { body: "a.zip", after: held.promise });
    const asked = world.server.nextRequest(INDEX);
    const slow = discover();
    await asked;
    world.list("a.zip", "b.zip");
    await discover();
    held.resolve();
    expect(await slow).toEqual({ outcome: "overtaken", code: null, added: 0 });
    expect((await world.status()).indexCheck).toMatchObject({ outcome: "listed", suspiciousCount: 0 });
  });

  test("I19: at a private address is not asked for unless the source allows it", async () => {
    await make({ source: { allowPrivateAddresses: false } });
    world.list("a.zip");
    expect(await discover()).toMatchObject({ outcome: "failed", code: "fetch_private_address" });
    expect(world.server.requests).toEqual([]);
  });

  test("of one source may fail without harm to the next, and one at its end is read once more", async () => {
    await make({ source: { indexUrl: "http://127.0.0.1:1/index.txt" } });
    const at = (name: string, times: { from?: number; until?: number }) =>
      world.feature.addSource({
        name,
        indexUrl: world.source.baseUrl + "/index.txt",
        baseUrl: world.source.baseUrl,
        region: "YY",
        allowPrivateAddresses: true,
        ...times,
      });
    await at("second", {});
    await at("ending", { from: NOW - DAY, until: NOW });
    await at("later", { from: NOW + 1 });
    world.list("a.zip");
    await world.feature.jobs.find(({ name }) => name === "import-discover")?.run(NOW);
    const counts = await Promise.all(
      ["state", "second", "ending", "later"].map(
        async (name) => (await world.feature.sourceStatus(name)).archives.open,
      ),
    );
    expect(counts).toEqual([0, 1, 1, 0]);
  });
});
